namespace MockSre.Web.WebConsole;

/// <summary>Formats figures for people.</summary>
internal static class Figures
{
    /// <summary>Shown for a missing figure.</summary>
    public const string None = "–";

    private const int ShortIdLength = 6;

    /// <summary>A latency, such as <c>3.2 ms</c>, <c>340 ms</c> or <c>2.1 s</c>.</summary>
    public static string Latency(double? ms) => ms switch
    {
        null => None,
        < 0.05 => "<0.1 ms",
        < 9.95 => Invariant($"{ms:0.0} ms"),
        < 999.5 => Invariant($"{ms:0} ms"),
        _ => Invariant($"{ms / 1000:0.0} s"),
    };

    /// <summary>A tick of a latency axis, such as <c>250 ms</c> or <c>1.5 s</c>.</summary>
    public static string Mark(double ms) => ms < 1000 ? Invariant($"{ms:0.##} ms") : Invariant($"{ms / 1000:0.##} s");

    /// <summary>A share from 0 to 1, such as <c>0.4 %</c> or <c>87 %</c>. Only exact values give 0 % and 100 %.</summary>
    public static string Share(double? share) => share switch
    {
        null => None,
        0 => "0 %",
        < 0.001 => "<0.1 %",
        < 0.0995 => Invariant($"{share * 100:0.#} %"),
        > 0.99 and < 1 => ">99 %",
        _ => Invariant($"{share * 100:0} %"),
    };

    /// <summary>A rate, such as <c>5.0</c> or <c>1,240</c>.</summary>
    public static string Rate(double perSecond) => perSecond < 99.95 ? Invariant($"{perSecond:0.0}") : Invariant($"{perSecond:N0}");

    /// <summary>A count, such as <c>12,500</c>.</summary>
    public static string Count(long count) => Invariant($"{count:N0}");

    /// <summary>A count with its noun, such as <c>1 request</c> or <c>12,500 requests</c>.</summary>
    public static string Many(long count, string one) => Invariant($"{count:N0} {one}{(count == 1 ? "" : "s")}");

    /// <summary>A time of day, UTC.</summary>
    public static string Time(DateTimeOffset at) => Invariant($"{at.UtcDateTime:HH:mm:ss}");

    /// <summary>A time of day to the millisecond, UTC.</summary>
    public static string Instant(DateTimeOffset at) => Invariant($"{at.UtcDateTime:HH:mm:ss.fff}");

    /// <summary>A date and time, UTC.</summary>
    public static string Date(DateTimeOffset at) => Invariant($"{at.UtcDateTime:d MMM yyyy, HH:mm:ss}");

    /// <summary>A duration, such as <c>850 ms</c>, <c>12.4 s</c> or <c>3 min 5 s</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 999.5 } => Invariant($"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } => Invariant($"{span.TotalSeconds:0.0} s"),
        _ => LongDuration(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds))),
    };

    /// <summary>A duration in whole seconds, such as <c>40 s</c> or <c>1 min 5 s</c>.</summary>
    public static string WholeSeconds(TimeSpan span) => span.TotalSeconds < 60
        ? Invariant($"{Math.Floor(span.TotalSeconds):0} s")
        : LongDuration(TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds)));

    /// <summary>A share as a CSS or SVG length.</summary>
    public static string Percent(double share) => Invariant($"{share * 100:0.###}%");

    /// <summary>The start of a run's id, enough to distinguish runs.</summary>
    public static string ShortId(string id) => id.Length > ShortIdLength ? id[..ShortIdLength] : id;

    private static string LongDuration(TimeSpan seconds) =>
        seconds.TotalHours < 1
            ? Invariant($"{seconds.Minutes} min {seconds.Seconds} s")
            : Invariant($"{(int)seconds.TotalHours} h {seconds.Minutes} min");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
