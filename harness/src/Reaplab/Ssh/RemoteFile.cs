// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>
/// File copy through the guest's shell: the image has neither scp nor an SFTP server, and needs none. Shared by all
/// implementations of <see cref="ISshSession"/>.
/// </summary>
public static class RemoteFile
{
    /// <summary>The command that writes its standard input to a file.</summary>
    /// <param name="path">File of the guest.</param>
    public static string WriteCommand(string path) => $"cat > {Quote(path)}";

    /// <summary>The command that writes a file to its standard output.</summary>
    /// <param name="path">File of the guest.</param>
    public static string ReadCommand(string path) => $"cat {Quote(path)}";

    /// <summary>A word for the guest's shell.</summary>
    /// <param name="word">Any text.</param>
    public static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>Turns a failed copy into an error.</summary>
    /// <param name="status">The command's exit status.</param>
    /// <param name="errors">What it said.</param>
    /// <param name="message">The error's beginning.</param>
    /// <exception cref="SshException">The status is not 0.</exception>
    public static void Check(int status, string errors, string message)
    {
        if (status != 0)
        {
            throw new SshException($"{message}: {(errors.Length > 0 ? errors.Trim() : $"status {status}")}");
        }
    }

    /// <summary>Writes a file of the host that is there whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="writeAsync">Writes its content.</param>
    public static async Task WriteLocallyAsync(string path, Func<Stream, Task> writeAsync)
    {
        var unfinished = path + ".part";
        try
        {
            await using (var output = File.Create(unfinished))
            {
                await writeAsync(output);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
