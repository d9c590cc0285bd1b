namespace MockSre.Web.WebConsole.Feed;

/// <summary>The signals of the inbox, grouped.</summary>
/// <param name="Issues">Latest first.</param>
/// <param name="Transactions">Most frequent first.</param>
/// <param name="Evicted">Envelopes that the inbox evicted for newer ones.</param>
public sealed record SignalGroups(IReadOnlyList<IssueGroup> Issues, IReadOnlyList<TransactionGroup> Transactions, long Evicted)
{
    /// <summary>Slowest transactions listed per group.</summary>
    public const int Slowest = 10;

    public static SignalGroups Of(SignalInbox inbox)
    {
        var entries = inbox.Entries;
        return new SignalGroups(IssueGroup.Of(entries), TransactionGroup.Of(entries, Slowest), inbox.Counts.Evicted);
    }
}
