using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <summary>
/// A kind of fault: the settings that turn it on, and what they do. It is never on the stack of a request; the code that goes wrong stands
/// where such code would stand in any service.
/// </summary>
public abstract class Fault
{
    /// <summary>The name of its folder in <c>fixtures/faults</c>.</summary>
    public abstract string Name { get; }

    public abstract IReadOnlyList<Setting> Settings { get; }

    /// <summary>The component at fault, a word of the diagnosis form; null for a fault that is no answer.</summary>
    public virtual string? Component => null;

    /// <summary>What is wrong with the component, a word of the diagnosis form; null for a fault that is no answer.</summary>
    public virtual string? Mechanism => null;

    /// <summary>What to expect in Sentry while it alone decides what users see.</summary>
    public virtual IReadOnlyList<ExpectedSignal> ExpectedSignals => [];

    /// <summary>What Sentry's server needs beside signals before it shows the fault.</summary>
    public virtual IReadOnlyList<SentryRequirement> SentryRequirements => [];

    /// <summary>Whether a deployment with these traits has it.</summary>
    public abstract bool IsIn(TraitSet traits);

    /// <summary>Changes how profiles are read.</summary>
    public virtual ProfileReading Shape(ProfileReading reading, TraitSet traits) => reading;

    /// <summary>Creates its background job, not yet started; null if it has none with these traits.</summary>
    public virtual IBackgroundJob? CreateJob(TraitSet traits, JobSite site) => null;
}

/// <summary>Where a background job runs.</summary>
/// <param name="Pool">The connections that it shares with requests.</param>
/// <param name="Store">Where profiles are kept.</param>
/// <param name="Time">The clock of the job.</param>
/// <param name="IsForVisitors">Whether it runs beside requests of visitors, which have a pool of their own.</param>
public sealed record JobSite(ConnectionPool Pool, IProfileStore Store, TimeProvider Time, bool IsForVisitors);
