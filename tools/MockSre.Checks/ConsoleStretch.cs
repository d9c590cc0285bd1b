using System.Diagnostics;

namespace MockSre.Checks;

/// <summary>Some seconds with open consoles: processor time, bytes and draws.</summary>
internal sealed record ConsoleStretch(int Consoles, double ProcessorMs, double BytesToEach, double DrawsOfEach)
{
    /// <summary>The pause after opening the last console, so that opening does not count.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    public static async Task<ConsoleStretch> MeasureAsync(ServerProcess server, IReadOnlyCollection<OpenConsole> consoles)
    {
        await Task.Delay(SettleTime, TimeProvider.System);
        var (processor, bytes, draws) = Now();
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(Time, TimeProvider.System);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var after = Now();
        return new ConsoleStretch(
            consoles.Count,
            (after.Processor - processor).TotalMilliseconds / seconds,
            (after.Bytes - bytes) / seconds / consoles.Count,
            (after.Draws - draws) / seconds / consoles.Count);

        (TimeSpan Processor, long Bytes, long Draws) Now() =>
            (server.ProcessorTime, consoles.Sum(console => console.Bytes), consoles.Sum(console => console.Draws));
    }
}
