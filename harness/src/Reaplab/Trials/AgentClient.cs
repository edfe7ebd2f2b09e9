// SPDX-License-Identifier: MIT
using System.Text.Json;
using Reaplab.Ssh;

namespace Reaplab.Trials;

/// <summary>
/// Speaks to the guest agent: a line of words out, a line of JSON back, over one SSH channel for a whole boot. Nothing
/// crosses the channel while the agent measures.
/// </summary>
public sealed class AgentClient : IAsyncDisposable
{
    /// <summary>Where the image has the agent.</summary>
    public const string Path = "/reaplab/agent";

    /// <summary>The protocol spoken here; an image with another is refused.</summary>
    private const int Protocol = 1;

    /// <summary>A line of words is far below a packet; only a dead connection takes seconds.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly ISshStream stream;

    private AgentClient(ISshStream stream) => this.stream = stream;

    /// <summary>Starts the agent in the guest.</summary>
    /// <param name="session">A connected session.</param>
    /// <param name="limit">Longest time the start may take.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="SshException">The connection broke or the limit passed.</exception>
    public static async Task<AgentClient> StartAsync(
        ISshSession session,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => new(await session.OpenStreamAsync(Path + " serve", limit, cancellationToken));

    /// <summary>Asks for methods and clock.</summary>
    /// <param name="limit">Longest time to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AgentProbe> ProbeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var probe = await AskAsync<AgentProbe>("probe", limit, cancellationToken);
        return probe.Protocol == Protocol
            ? probe
            : throw new AgentException(
                "probe",
                $"speaks protocol {probe.Protocol}, this harness {Protocol}: the guest image is of another version"
            );
    }

    /// <summary>Replaces the condition of the system; no words, no background.</summary>
    /// <param name="words">The agent's words.</param>
    /// <param name="limit">Longest time to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SetBackgroundAsync(
        IReadOnlyDictionary<string, string> words,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => await AskAsync<JsonElement>(Compose("background", words), limit, cancellationToken);

    /// <summary>Runs one trial.</summary>
    /// <param name="words">The agent's words.</param>
    /// <param name="limit">Longest time to wait, set-up and cleanup included.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AgentTrial> RunTrialAsync(
        IReadOnlyDictionary<string, string> words,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => AskAsync<AgentTrial>(Compose("trial", words), limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static string Compose(string request, IReadOnlyDictionary<string, string> words) =>
        string.Join(' ', words.Select(word => $"{word.Key}={word.Value}").Prepend(request));

    private async Task<T> AskAsync<T>(string request, TimeSpan limit, CancellationToken cancellationToken)
    {
        await stream.WriteLineAsync(request, WriteLimit, cancellationToken);
        var line =
            await stream.ReadLineAsync(limit, cancellationToken)
            ?? throw new AgentException(request, $"ended; its last words: {stream.ErrorTail}");
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("type").GetString() == "error")
            {
                throw new AgentException(
                    request,
                    "refused: " + document.RootElement.GetProperty("message").GetString()
                );
            }

            return document.RootElement.Deserialize<T>(Json) ?? throw new JsonException("null");
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new AgentException(request, $"answered what is no answer: {line}", exception);
        }
    }
}
