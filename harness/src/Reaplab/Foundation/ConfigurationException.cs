// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>A file of the user's says something that cannot be done; shown as <c>file:line: message</c>.</summary>
public sealed class ConfigurationException : ReaplabException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="file">The file at fault.</param>
    /// <param name="line">Its line, counted from 1; 0 where the whole file is meant.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    /// <param name="innerException">The parser's own error, where there is one.</param>
    public ConfigurationException(string file, long line, string message, Exception? innerException = null)
        : base(line > 0 ? $"{file}:{line}: {message}" : $"{file}: {message}", ExitCode.Usage, innerException)
    {
        File = file;
        Line = line;
    }

    /// <summary>The file at fault.</summary>
    public string File { get; }

    /// <summary>Its line, counted from 1; 0 where the whole file is meant.</summary>
    public long Line { get; }
}
