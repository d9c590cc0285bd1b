using MockSre.Domain.Profiles;

namespace MockSre.Domain.Faults.InjectedTimeouts;

public sealed class InjectedTimeoutsFault : Fault
{
    public static readonly Switch Enabled = new("inject_timeouts", healthy: false)
    {
        Description = "Whether every profile request misses its deadline.",
        Key = "inject_timeout_errors",
        IsHiddenWhenBlind = true,
        Configured = settings => settings.InjectTimeoutErrors,
    };

    public static readonly Number DeadlineMs = new("inject_deadline_ms", healthy: 250, least: 1, most: 60_000)
    {
        Description = "How long a request runs before an injected timeout ends it, in milliseconds.",
        Unit = TimeSpan.FromMilliseconds(1),
        Configured = (_, timings) => (int)timings.InjectedDeadline.TotalMilliseconds,
    };

    public override string Name => "injected_timeouts";
    public override IReadOnlyList<Setting> Settings => [Enabled, DeadlineMs];

    public override bool IsIn(TraitSet traits) => traits[Enabled];

    public override ProfileReading Shape(ProfileReading reading, TraitSet traits) =>
        traits[Enabled] ? reading with { Deadline = traits.Time(DeadlineMs) } : reading;
}
