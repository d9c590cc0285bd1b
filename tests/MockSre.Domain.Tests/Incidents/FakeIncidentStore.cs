using MockSre.Domain.Incidents;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>Keeps runs in memory.</summary>
internal sealed class FakeIncidentStore : IIncidentStore
{
    /// <summary>All events kept, in their order.</summary>
    public List<IncidentEvent> Events { get; } = [];

    /// <summary>Whether nothing can be kept now.</summary>
    public bool Fails { get; set; }

    /// <summary>Called in the middle of keeping.</summary>
    public Action? Keeping { get; set; }

    public Task CreateAsync(IncidentHeader header, IncidentPlan plan) => Task.CompletedTask;

    public Task AppendAsync(string id, IReadOnlyList<IncidentEvent> events)
    {
        Keeping?.Invoke();
        if (Fails)
        {
            throw new IOException("The disk is full.");
        }

        Events.AddRange(events);
        return Task.CompletedTask;
    }
}
