using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;

namespace MockSre.Testing;

/// <summary>Stores runs in memory.</summary>
public sealed class FakeIncidentStore : IIncidentStore
{
    /// <summary>All stored events, in order.</summary>
    public List<IncidentEvent> Events { get; } = [];

    /// <summary>The number of events in the largest batch.</summary>
    public int Largest { get; private set; }

    /// <summary>Whether storing fails.</summary>
    public bool Fails { get; set; }

    /// <summary>Called while events are being stored.</summary>
    public Action? Keeping { get; set; }

    /// <summary>Storing ends when this task ends.</summary>
    public Task Slowness { get; set; } = Task.CompletedTask;

    public Task CreateAsync(IncidentHeader header, IncidentPlan plan) => Task.CompletedTask;

    public async Task AppendAsync(string id, IReadOnlyList<IncidentEvent> events)
    {
        Keeping?.Invoke();
        await Slowness;
        if (Fails)
        {
            throw new IOException("The disk is full.");
        }

        Events.AddRange(events);
        Largest = Math.Max(Largest, events.Count);
    }
}
