// SPDX-License-Identifier: MIT

using Reaplab.Foundation;
using Reaplab.Images;
using Reaplab.Kernels;

namespace Reaplab.BootTests.Support;

/// <summary>What every boot here is made of: stock's kernel, the image, one set of keys.</summary>
/// <param name="KernelImage">The bzImage.</param>
/// <param name="Initrds">The image and the keys' overlay.</param>
/// <param name="PrivateKeyPath">The client's key.</param>
/// <param name="HostPublicKey">The guests' host key.</param>
public sealed record GuestParts(
    string KernelImage,
    IReadOnlyList<string> Initrds,
    string PrivateKeyPath,
    string HostPublicKey
)
{
    private static readonly Lazy<Task<GuestParts>> Made = new(MakeAsync);

    public static Workspace Workspace { get; } = Workspace.Find(AppContext.BaseDirectory);

    /// <summary>Made once per test process; the kernel comes from the cache where it is there.</summary>
    public static Task<GuestParts> GetAsync() => Made.Value;

    private static async Task<GuestParts> MakeAsync()
    {
        var kernels = await new KernelBuilder(Workspace).BuildAsync(
            [ApproachDefinition.Stock],
            "6.12",
            KernelFlavour.Timing,
            KernelBuildOptions.Default,
            new Silence(),
            default
        );
        var image = await new ImageBuilder(Workspace).BuildAsync(new Silence(), default);
        var keys = Directory.CreateTempSubdirectory("reaplab-keys-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(keys, recursive: true);
        var credentials = await RunCredentials.CreateAsync(keys, default);
        return new GuestParts(
            kernels[0].ImagePath,
            [image.InitrdPath, credentials.OverlayCpioPath],
            credentials.PrivateKeyPath,
            credentials.KnownHostsPublicKey
        );
    }
}
