using MockSre.Domain.Signals;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>What the inbox holds, grouped for people.</summary>
/// <param name="Issues">The latest first.</param>
/// <param name="Transactions">The most frequent first.</param>
/// <param name="Evicted">Envelopes that had to go for newer ones, and are in no group any more.</param>
public sealed record SignalGroups(IReadOnlyList<IssueGroup> Issues, IReadOnlyList<TransactionGroup> Transactions, long Evicted)
{
    /// <summary>Slowest transactions that each name lists.</summary>
    public const int Slowest = 10;

    /// <summary>Groups what the inbox holds now.</summary>
    public static SignalGroups Of(SignalInbox inbox)
    {
        var entries = inbox.Entries;
        return new SignalGroups(IssueGroup.Of(entries), TransactionGroup.Of(entries, Slowest), inbox.Counts.Evicted);
    }
}
