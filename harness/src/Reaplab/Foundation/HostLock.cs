// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Foundation;

/// <summary>
/// The host-wide lock that keeps building and timing apart: a compiler beside a measurement makes the measurement
/// worthless. Held as an exclusive open (flock) on a file every user of the host can reach; released by the kernel if the holder dies.
/// </summary>
public sealed class HostLock : IDisposable
{
    /// <summary>Users of one host wait for each other, so each must be able to open what another created.</summary>
    private static readonly FileStreamOptions Everyone = new()
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode =
            UnixFileMode.UserRead
            | UnixFileMode.UserWrite
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite,
    };

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private readonly FileStream held;

    private HostLock(FileStream held) => this.held = held;

    /// <summary>Waits for the lock, saying for whom.</summary>
    /// <param name="workspace">Names the cache, where the lock lives.</param>
    /// <param name="purpose">What the holder does, shown to those who wait, e.g. "building kernels".</param>
    /// <param name="progress">Told for whom we wait.</param>
    /// <param name="limit">Longest wait; a run of the plan `full` takes an hour, so callers give several.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InfrastructureException">The limit passed.</exception>
    public static async Task<HostLock> AcquireAsync(
        Workspace workspace,
        string purpose,
        IStageProgress progress,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(workspace.CacheDirectory);
        var path = Path.Combine(Path.GetTempPath(), "reaplab-host.lock");
        var holderPath = path + ".holder";
        var deadline = DateTime.UtcNow + limit;
        while (true)
        {
            try
            {
                var stream = new FileStream(path, Everyone);
                await File.WriteAllTextAsync(
                    holderPath,
                    string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, {purpose}"),
                    cancellationToken
                );
                return new HostLock(stream);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                var holder = File.Exists(holderPath) ? await File.ReadAllTextAsync(holderPath, cancellationToken) : "?";
                if (DateTime.UtcNow > deadline)
                {
                    throw new InfrastructureException(
                        $"waited {limit} for the host lock {path}, held by {holder}; let it finish or end it, then run again"
                    );
                }

                progress.Report(new StageState("waiting", $"for {holder}", 0, 0));
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}
