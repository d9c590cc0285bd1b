using System.Globalization;
using MockSre.Domain.Fixtures;

namespace MockSre.Web.SentryApi;

/// <summary>Tells Sentry of the incident's deploys: each commit is a release of its own, deployed when it was made.</summary>
/// <remarks>The commits keep their distances; all of them move so that the newest one is now.</remarks>
internal sealed class ReleaseUpload(SentryApiClient sentry, SentryAccess access, TimeProvider time, TextWriter output)
{
    /// <summary>What the token must allow.</summary>
    public const string Scopes = "the scope project:releases (an organization token has what is needed)";

    private const string Repository = "mocksre";
    private const string DeployName = "incident-b";

    /// <summary>How long a deploy stays as it is when this is repeated; after that, the incident is told anew.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromDays(1);

    /// <summary>Makes what is not there yet, oldest first.</summary>
    /// <param name="commits">Newest first.</param>
    /// <exception cref="SentryApiException">Sentry refused, or is not there.</exception>
    public async Task RunAsync(IReadOnlyList<DeployCommit> commits, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var shift = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) - commits[0].Timestamp;
        var deployed = 0;
        foreach (var commit in commits.Reverse())
        {
            await sentry.PostAsync("releases/", new { version = commit.Sha, projects = new[] { access.Project }, dateReleased = commit.Timestamp + shift }, cancellationToken);

            // A deploy says when it was, not when Sentry heard of it. Its age is how far this run would move it.
            var last = await LastDeployAsync(commit, cancellationToken);
            var stays = last is { } at && (commit.Timestamp + shift - at).Duration() < Lasting;
            if (stays)
            {
                // What is left to do of an earlier run, which may have been interrupted, follows that run's times.
                shift = last!.Value - commit.Timestamp;
            }

            var moment = commit.Timestamp + shift;
            await sentry.PutAsync($"releases/{commit.Sha}/", new { dateReleased = moment, commits = new[] { Describe(commit, moment) } }, cancellationToken);
            if (!stays)
            {
                await sentry.PostAsync(
                    $"releases/{commit.Sha}/deploys/",
                    new { environment = access.Environment, name = DeployName, dateFinished = moment, projects = new[] { access.Project } },
                    cancellationToken);
                deployed++;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{commit.Sha}: {(stays ? "was" : "now")} deployed to {access.Environment} at {moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
        }

        output.WriteLine($"{commits.Count} releases are in {access.Organization}/{access.Project} at {access.Url}; {deployed} deploys are new.");
    }

    private async Task<DateTimeOffset?> LastDeployAsync(DeployCommit commit, CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        await foreach (var deploy in sentry.ListAsync<Deploy>($"releases/{commit.Sha}/deploys/", cancellationToken))
        {
            if (deploy.Name == DeployName && deploy.Environment == access.Environment && !(deploy.DateFinished <= last))
            {
                last = deploy.DateFinished ?? last;
            }
        }

        return last;
    }

    private static object Describe(DeployCommit commit, DateTimeOffset moment)
    {
        var (name, email) = commit.Author.Split('<', 2, StringSplitOptions.TrimEntries) is [var before, var after] ? (before, after.TrimEnd('>')) : (commit.Author, "");
        return new
        {
            id = commit.Sha,
            repository = Repository,
            author_name = name,
            author_email = email,
            timestamp = moment,
            message = commit.Message,
            patch_set = commit.FilesChanged.Select(path => new { path, type = "M" }),
        };
    }

    private sealed record Deploy(string? Name, string? Environment, DateTimeOffset? DateFinished);
}
