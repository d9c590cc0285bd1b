namespace MockSre.Checks;

/// <summary>Checks the signals of a burst, and the stop of the service while Sentry has problems.</summary>
internal static class SignalChecks
{
    private const string PoolSaturation = "pool_saturation";
    private const int Failures = 100;
    private const int Burst = 300;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ArriveWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);

    /// <summary>While Sentry has problems, the inbox sees every signal, and the service stops in time.</summary>
    public static async Task TroubleAsync(string service, CheckReport report)
    {
        (string Does, bool Takes, bool Answers, Func<Task<SentryStub>> StartAsync)[] sentries =
        [
            ("accepts and never answers", false, false, () => Task.FromResult(SentryStub.Silent())),
            ("refuses connections", false, false, () => Task.FromResult(SentryStub.Refusing())),
            ("answers after 2 s", true, true, () => SentryStub.AnsweringAsync(_ => Task.Delay(SlowAnswer, TimeProvider.System))),
            ("answers 429", false, true, () => SentryStub.AnsweringAsync(429)),
            ("answers 500", false, true, () => SentryStub.AnsweringAsync(500)),
        ];
        await Task.WhenAll(sentries.Select(async sentry =>
        {
            var (does, takes, answers, startAsync) = sentry;
            var (signals, failed, took, exitCode) = await TroubleAsync(service, await startAsync());
            var isDelivered = (takes || signals.Sent == 0) && ((answers && !takes) || signals.Refused == 0);
            report.Add(
                $"{PoolSaturation}: {Failures} at once, Sentry {does}",
                $"{Failures} errors and transactions in the inbox, none {(takes ? "refused" : "sent")} or lost",
                $"{signals.Errors} errors and {signals.Transactions} transactions; {Describe(signals)}",
                signals is { Errors: Failures, Transactions: Failures, Lost: 0 } && isDelivered);
            report.Add(
                $"SIGTERM after {Failures} more requests, Sentry {does}",
                $"exit code 0 within {StopWithin.TotalSeconds:F0} s",
                $"exit code {exitCode} after {took.TotalSeconds:F1} s, {failed} failed",
                exitCode == 0 && took < StopWithin && failed == Failures);
        }));
    }

    /// <summary>Every error of a burst reaches Sentry.</summary>
    public static async Task BurstAsync(string service, CheckReport report)
    {
        await using var sentry = await SentryReceiver.StartAsync();
        sentry.Answer = (_, _) => Task.Delay(AnswerTime, TimeProvider.System);
        await using var server = await ServerProcess.StartServiceAsync(service, ("SENTRY_DSN", sentry.Dsn));
        using var client = new ServiceClient(server.Address);
        await client.SetModeAsync(PoolSaturation);
        var answers = await client.GetManyAsync(Burst, Burst);

        // Each request makes an error and a transaction.
        var signals = await ServiceClient.UntilAsync(
            client.GetSignalsAsync,
            signals => signals.Queued == 0 && signals.Errors + signals.Transactions + signals.Lost >= 2 * Burst,
            ArriveWithin);
        var failed = answers.Count(answer => answer.Status == 500);
        var events = Distinct(sentry.Events);
        var transactions = Distinct(sentry.Transactions);
        report.Add(
            $"{PoolSaturation}: {Burst} at once, Sentry answers after {AnswerTime.TotalMilliseconds:F0} ms",
            $"{Burst} error events arrive, none dropped or lost",
            $"{failed} failed; {events} events and {transactions} transactions arrived; {Describe(signals)}",
            failed == Burst && events == Burst && signals is { Refused: 0, Dropped: 0, Lost: 0 });

        static int Distinct(IEnumerable<System.Text.Json.JsonElement> payloads) =>
            payloads.Select(payload => payload.GetProperty("event_id").GetString()).Distinct().Count();
    }

    private static string Describe(SignalFigures signals) =>
        $"{signals.Sent} sent, {signals.Refused} refused, {signals.Dropped} dropped, {signals.Queued} queued, {signals.Lost} lost";

    private static async Task<(SignalFigures Signals, int Failed, TimeSpan Took, int? ExitCode)> TroubleAsync(
        string service, SentryStub stub)
    {
        await using var sentry = stub;
        await using var server = await ServerProcess.StartServiceAsync(service, ("SENTRY_DSN", sentry.Dsn));
        using var client = new ServiceClient(server.Address);
        await client.SetModeAsync(PoolSaturation);
        await client.GetManyAsync(Failures, Failures);
        var signals = await ServiceClient.UntilAsync(
            client.GetSignalsAsync, signals => signals is { Errors: >= Failures, Transactions: >= Failures }, SeenWithin);

        // When the service stops, the signals of these requests have not all been delivered.
        var answers = await client.GetManyAsync(Failures, Failures);
        var (took, exitCode) = await server.StopAsync();
        return (signals, answers.Count(answer => answer.Status == 500), took, exitCode);
    }
}
