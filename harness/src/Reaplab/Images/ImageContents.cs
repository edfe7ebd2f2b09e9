// SPDX-License-Identifier: MIT

using System.Globalization;
using Reaplab.Foundation;

namespace Reaplab.Images;

/// <summary>vm-images/contents.yaml: what goes into the guest image besides the workloads.</summary>
internal sealed class ImageContents
{
    public required IReadOnlyList<FolderEntry> Directories { get; init; }

    public required IReadOnlyList<DeviceEntry> Devices { get; init; }

    public required IReadOnlyList<ProgramEntry> Programs { get; init; }

    public required IReadOnlyList<FileEntry> Files { get; init; }

    /// <summary>Path in the guest of the busybox whose applets get links.</summary>
    public required Located<string> AppletsOf { get; init; }

    [YamlDotNet.Serialization.YamlIgnore]
    public string File { get; private set; } = "";

    public static ImageContents Load(Workspace workspace)
    {
        var file = Path.Combine(workspace.VmImages, "contents.yaml");
        var contents = YamlFile.Load<ImageContents>(file);
        contents.File = file;
        return contents;
    }

    /// <summary>Reads permissions such as "0755".</summary>
    public uint ParseMode(Located<string> mode)
    {
        try
        {
            return Convert.ToUInt32(mode.Value, 8);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            throw new ConfigurationException(
                File,
                mode.Line,
                string.Create(CultureInfo.InvariantCulture, $"'{mode.Value}' is not a mode such as \"0755\""),
                exception
            );
        }
    }

    internal sealed class FolderEntry
    {
        public required string Path { get; init; }

        public required Located<string> Mode { get; init; }
    }

    internal sealed class DeviceEntry
    {
        public required string Path { get; init; }

        public required uint Major { get; init; }

        public required uint Minor { get; init; }

        public required Located<string> Mode { get; init; }
    }

    internal sealed class ProgramEntry
    {
        public required Located<string> Path { get; init; }

        /// <summary>Paths on the host; the first that exists is taken.</summary>
        public required IReadOnlyList<string> From { get; init; }

        /// <summary>Debian's package, for the error message.</summary>
        public required string Package { get; init; }
    }

    internal sealed class FileEntry
    {
        public required Located<string> Path { get; init; }

        public required string From { get; init; }

        public required Located<string> Mode { get; init; }
    }
}
