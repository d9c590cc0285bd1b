using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Load;

namespace MockSre.Testing;

/// <summary>A load generator with a fake service and a fake clock.</summary>
public abstract class LoadGeneratorFixture : IAsyncLifetime
{
    protected LoadGeneratorFixture() => Generator = new LoadGenerator(Service.SendAsync, Time);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));

    public FakeService Service { get; } = new();

    public LoadGenerator Generator { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Generator.DisposeAsync().AsTask().WithinGuard();

    public LoadRun Start(LoadPlan plan)
    {
        Assert.True(Generator.TryStart(plan, out var run));
        return run;
    }
}
