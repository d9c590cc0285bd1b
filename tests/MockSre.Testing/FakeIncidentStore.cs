using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;

namespace MockSre.Testing;

/// <summary>Keeps runs in memory.</summary>
public sealed class FakeIncidentStore : IIncidentStore
{
    /// <summary>All events kept, in their order.</summary>
    public List<IncidentEvent> Events { get; } = [];

    /// <summary>Events of the largest batch.</summary>
    public int Largest { get; private set; }

    /// <summary>Whether nothing can be kept now.</summary>
    public bool Fails { get; set; }

    /// <summary>Called in the middle of keeping.</summary>
    public Action? Keeping { get; set; }

    /// <summary>How long keeping takes.</summary>
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
