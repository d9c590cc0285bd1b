using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <summary>A kind of fault: its settings and their effects.</summary>
/// <remarks>It is never on the stack of a request. The code that fails is where such code is in any service.</remarks>
public abstract class Fault
{
    /// <summary>The name of its folder in <c>fixtures/faults</c>.</summary>
    public abstract string Name { get; }

    public abstract IReadOnlyList<Setting> Settings { get; }

    /// <summary>A word of the diagnosis form. Null for a fault that a diagnosis never names.</summary>
    public virtual string? Component => null;

    /// <inheritdoc cref="Component"/>
    public virtual string? Mechanism => null;

    /// <summary>The signals of a deployment with only this fault.</summary>
    public virtual IReadOnlyList<ExpectedSignal> ExpectedSignals => [];

    public virtual IReadOnlyList<SentryRequirement> SentryRequirements => [];

    public abstract bool IsIn(TraitSet traits);

    public virtual ProfileReading Shape(ProfileReading reading, TraitSet traits) => reading;

    /// <summary>Creates its background job, not yet started; null if it has none with these traits.</summary>
    public virtual IBackgroundJob? CreateJob(TraitSet traits, JobSite site) => null;
}

/// <param name="Pool">Shared with requests.</param>
/// <param name="IsForVisitors">Whether the requests are those of visitors.</param>
public sealed record JobSite(ConnectionPool Pool, IProfileStore Store, TimeProvider Time, bool IsForVisitors);
