using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Signals;
using static MockSre.Testing.Envelopes;

namespace MockSre.Domain.Tests.Signals;

public sealed class GroupTests
{
    private readonly SignalInbox _inbox = new(new FakeTimeProvider(At));

    [Fact]
    public void Groups_OfNothing_AreNone()
    {
        _inbox.Add(OfSize(100), SignalState.Local);

        Assert.Empty(IssueGroup.Of(_inbox.Entries));
        Assert.Empty(TransactionGroup.Of(_inbox.Entries));
    }

    [Fact]
    public void IssueGroups_ErrorsOfOneKind_AreOneIssue()
    {
        AddError(1, second: 5, message: "in the middle", release: "d40f3b2");
        AddError(2, second: 9, message: " the latest\nand its second line", release: "e18c5a9");
        AddError(3, second: 1, message: "the first", release: "d40f3b2");

        var issue = Assert.Single(IssueGroup.Of(_inbox.Entries));

        Assert.Equal("PoolTimeoutException: the latest", issue.Title);
        Assert.Equal(("MockSre.Domain.Profiles.PoolTimeoutException", "ConnectionPool.AcquireAsync"), (issue.Type, issue.Culprit));
        Assert.Equal((3, AtSecond(1), AtSecond(9), Id(2)), (issue.Count, issue.FirstSeen, issue.LastSeen, issue.LatestEventId));
        Assert.Equal([new ValueShare("d40f3b2", 2, 2.0 / 3), new ValueShare("e18c5a9", 1, 1.0 / 3)], issue.Releases);
    }

    [Fact]
    public void IssueGroups_OfTheSameSecond_HaveTheLastAddedAsTheLatest()
    {
        AddError(1, second: 5, message: "first");
        AddError(2, second: 5, message: "second");

        Assert.Equal("PoolTimeoutException: second", Assert.Single(IssueGroup.Of(_inbox.Entries)).Title);
    }

    [Fact]
    public void IssueGroups_OfDifferentTypesMethodsOrMessages_AreTheMostRecentFirst()
    {
        AddError(1, second: 4);
        AddError(2, second: 1);
        AddError(3, second: 2, type: "System.TimeoutException");
        AddError(4, second: 3, function: "void Other.Method()");
        AddMessage(5, second: 6, "one message");
        AddMessage(6, second: 5, "another message");
        AddMessage(7, second: 0, message: null);

        Assert.Equal(
            [
                "one message, ",
                "another message, ",
                "PoolTimeoutException: m, ConnectionPool.AcquireAsync",
                "PoolTimeoutException: m, Other.Method",
                "TimeoutException: m, ConnectionPool.AcquireAsync",
                "(no message), ",
            ],
            IssueGroup.Of(_inbox.Entries).Select(issue => $"{issue.Title}, {issue.Culprit}"));
    }

    [Fact]
    public void IssueGroups_AnExceptionWithoutMessage_IsTitledByItsType()
    {
        AddError(1, second: 0, message: "");

        Assert.Equal("PoolTimeoutException", Assert.Single(IssueGroup.Of(_inbox.Entries)).Title);
    }

    [Fact]
    public void IssueGroups_Tags_AreSharesWithTheLargestFirstAndARest()
    {
        for (var i = 0; i < 100; i++)
        {
            var tags = new JsonObject { ["mode"] = i < 75 ? "combined" : "none", ["request"] = $"r{Math.Max(0, i - 50)}" };
            if (i < 10)
            {
                tags["rare"] = "yes";
            }

            AddError(i, second: i % 60, tags: tags);
        }

        var issue = Assert.Single(IssueGroup.Of(_inbox.Entries));

        Assert.Equal(["mode", "request", "rare"], issue.Tags.Select(tag => tag.Key));
        Assert.Equal([new ValueShare("combined", 75, 0.75), new ValueShare("none", 25, 0.25)], issue.Tags[0].Values);
        Assert.Equal((0, 0), (issue.Tags[0].OtherValues, issue.Tags[0].OtherCount));
        Assert.Equal((20, new ValueShare("r0", 51, 0.51)), (issue.Tags[1].Values.Count, issue.Tags[1].Values[0]));
        Assert.Equal((30, 30), (issue.Tags[1].OtherValues, issue.Tags[1].OtherCount));
        Assert.Equal(new ValueShare("yes", 10, 1), Assert.Single(issue.Tags[2].Values));
    }

    [Theory]
    [InlineData("7", 7, 7)]
    [InlineData("2 1", 1, 2)]
    [InlineData("3 1 2", 2, 3)]
    [InlineData("1..20", 10, 19)]
    [InlineData("1..21", 11, 20)]
    [InlineData("1..100", 50, 95)]
    [InlineData("1..101", 51, 96)]
    public void TransactionGroups_Percentiles_AreDurationsThatOccurred(string milliseconds, int p50, int p95)
    {
        int[] all = milliseconds.Split("..") is [_, var last]
            ? [.. Enumerable.Range(1, int.Parse(last, null))]
            : [.. milliseconds.Split(' ').Select(int.Parse)];
        foreach (var ms in all)
        {
            AddTransaction("GET /", ms, "ok");
        }

        var group = Assert.Single(TransactionGroup.Of(_inbox.Entries));

        Assert.Equal((all.Length, p50, p95), (group.Count, group.P50.TotalMilliseconds, group.P95.TotalMilliseconds));
    }

    [Fact]
    public void TransactionGroups_ByName_AreTheMostFrequentFirst()
    {
        AddTransaction("GET /b", 1, "ok");
        AddTransaction(null, 1, "ok");
        AddTransaction("GET /a", 1, "ok");
        foreach (var (ms, status) in new[] { (30, "ok"), (10, "internal_error"), (20, "cancelled"), (40, "deadline_exceeded") })
        {
            AddTransaction("GET /c", ms, status);
        }

        var groups = TransactionGroup.Of(_inbox.Entries, slowest: 3);

        Assert.Equal(
            [("GET /c", 4), ("<unlabeled transaction>", 1), ("GET /a", 1), ("GET /b", 1)],
            groups.Select(group => (group.Name, group.Count)));
        Assert.Equal((0.5, AtSecond(0) + TimeSpan.FromMilliseconds(40)), (groups[0].FailureRate, groups[0].LastSeen));
        Assert.Equal([40, 30, 20], groups[0].Slowest.Select(transaction => transaction.Duration.TotalMilliseconds));
        Assert.Empty(TransactionGroup.Of(_inbox.Entries, slowest: 0)[0].Slowest);
        Assert.Throws<ArgumentOutOfRangeException>(() => TransactionGroup.Of(_inbox.Entries, slowest: -1));
    }

    private static DateTimeOffset AtSecond(int second) => new(2026, 3, 12, 10, 0, second, TimeSpan.Zero);

    private void AddError(
        int id,
        int second,
        string message = "m",
        string type = "MockSre.Domain.Profiles.PoolTimeoutException",
        string? function = null,
        string? release = null,
        JsonObject? tags = null)
    {
        var error = Error(id);
        error["timestamp"] = AtSecond(second);
        var exception = error["exception"]!["values"]![1]!;
        exception["type"] = type;
        exception["value"] = message;
        exception["stacktrace"]!["frames"]![2]!["function"] = function ?? exception["stacktrace"]!["frames"]![2]!["function"]!.DeepClone();
        error["release"] = release;
        error["tags"] = tags;
        _inbox.Add(Of("event", error), SignalState.Local);
    }

    private void AddMessage(int id, int second, string? message) =>
        _inbox.Add(
            Of("event", new JsonObject { ["event_id"] = Id(id), ["timestamp"] = AtSecond(second), ["message"] = message }),
            SignalState.Local);

    private void AddTransaction(string? name, int ms, string status)
    {
        var transaction = Transaction();
        transaction["transaction"] = name;
        transaction["start_timestamp"] = AtSecond(0);
        transaction["timestamp"] = AtSecond(0) + TimeSpan.FromMilliseconds(ms);
        transaction["contexts"]!["trace"]!["status"] = status;
        _inbox.Add(Of("transaction", transaction), SignalState.Local);
    }
}
