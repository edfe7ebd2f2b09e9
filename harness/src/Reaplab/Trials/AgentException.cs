// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Trials;

/// <summary>The guest agent refused a request, answered nonsense or ended: a fault of the agent or the image, not of the kernel.</summary>
public sealed class AgentException : InfrastructureException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="message">What came back.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public AgentException(string request, string message, Exception? innerException = null)
        : base($"the guest agent, asked '{request}', {message}", innerException) { }
}
