using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Profiles;

public sealed class ConnectionPoolProperties
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMilliseconds(100);

    internal enum Step
    {
        Acquire,
        Release,
        Cancel,
        Wait,
        Break,
        FailToOpen,
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Sequences)])]
    internal async Task AnySequence_OfSteps_NeitherLosesNorDuplicatesALease(Sequence sequence)
    {
        var time = new FakeTimeProvider();
        var store = new FakeProfileStore();
        using var pool = new ConnectionPool(sequence.Limit, WaitLimit, () => store.Open(new ProfileReading()), time);
        var calls = new List<Call>();
        var failOpen = false;
        store.BeforeOpen = () =>
        {
            if (failOpen)
            {
                throw new IOException("no database");
            }
        };

        foreach (var (step, pick) in sequence.Steps)
        {
            switch (step)
            {
                case Step.FailToOpen:
                    failOpen = !failOpen; // also for requests that already wait
                    break;
                case Step.Acquire:
                    var cancel = new CancellationTokenSource();
                    calls.Add(new Call(pool.AcquireAsync($"call {calls.Count}", cancel.Token).AsTask(), cancel));
                    break;
                case Step.Release:
                    Pick(calls.Where(call => call.Holds), pick)?.Release();
                    break;
                case Step.Cancel:
                    Pick(calls.Where(call => !call.Acquiring.IsCompleted), pick)?.Cancel.Cancel();
                    break;
                case Step.Wait:
                    time.Advance(TimeSpan.FromMilliseconds(pick % 150));
                    break;
                case Step.Break:
                    (Pick(calls.Where(call => call.Holds), pick)?.Acquiring.Result.Connection as FakeConnection)?.Break();
                    break;
            }

            // Results that were decided under the lock must reach their callers before the next step.
            await Eventually.TrueAsync(() => calls.Count(call => !call.Acquiring.IsCompleted) == pool.Status.Waiting);
            var held = calls.Where(call => call.Holds).Select(call => call.Acquiring.Result.Connection).ToList();
            Assert.Equal(held.Count, held.Distinct().Count());
            Assert.Equal(held.Count, pool.Status.InUse);
            Assert.InRange(pool.Status.InUse, 0, sequence.Limit);
            Assert.InRange(store.Undisposed, held.Count, sequence.Limit);
            Assert.True(pool.Status.Waiting == 0 || pool.Status.InUse == sequence.Limit, "A request waits although a connection is free.");
        }

        failOpen = false;
        while (calls.Find(call => call.Holds) is { } holder)
        {
            holder.Release();
            await Eventually.TrueAsync(() => calls.Count(call => !call.Acquiring.IsCompleted) == pool.Status.Waiting);
        }

        Assert.Equal((0, 0), (pool.Status.InUse, pool.Status.Waiting));
        Assert.Equal(calls.Count(call => call.Acquiring.Exception?.InnerException is PoolTimeoutException), pool.Status.Timeouts);
        var all = Enumerable.Range(0, sequence.Limit).Select(_ => pool.TryAcquire("at once")).ToList();
        Assert.DoesNotContain(null, all);
        Assert.Null(pool.TryAcquire("one too many"));
    }

    private static Call? Pick(IEnumerable<Call> calls, int pick)
    {
        var list = calls.ToList();
        return list.Count == 0 ? null : list[pick % list.Count];
    }

    internal sealed record Sequence(int Limit, IReadOnlyList<(Step Step, int Pick)> Steps)
    {
        public override string ToString() => $"limit {Limit}: {string.Join(' ', Steps)}";
    }

    internal static class Sequences
    {
        public static Arbitrary<Sequence> Any() => Arb.From(
            from limit in Gen.Choose(1, 4)
            from steps in Gen.ListOf(
                from step in Gen.Frequency(
                    (6, Gen.Constant(Step.Acquire)),
                    (4, Gen.Constant(Step.Release)),
                    (2, Gen.Constant(Step.Cancel)),
                    (2, Gen.Constant(Step.Wait)),
                    (1, Gen.Constant(Step.Break)),
                    (1, Gen.Constant(Step.FailToOpen)))
                from pick in Gen.Choose(0, 999)
                select (step, pick))
            select new Sequence(limit, [.. steps]),
            Shrink);

        private static IEnumerable<Sequence> Shrink(Sequence sequence) =>
            sequence.Steps.Select((_, i) => sequence with { Steps = [.. sequence.Steps.Take(i), .. sequence.Steps.Skip(i + 1)] });
    }

    private sealed record Call(Task<ConnectionLease> Acquiring, CancellationTokenSource Cancel)
    {
        private bool _released;

        public bool Holds => Acquiring.IsCompletedSuccessfully && !_released;

        public void Release()
        {
            _released = true;
            Acquiring.Result.Dispose();
        }
    }
}
