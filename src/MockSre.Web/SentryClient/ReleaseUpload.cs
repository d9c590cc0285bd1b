using MockSre.Domain.Fixtures;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Web.SentryClient;

/// <summary>Creates the releases of the incident in Sentry, as sentry-cli does. Each commit is one release with one deploy.</summary>
/// <remarks>All commits move by the same time, so that the newest deploy ends now.</remarks>
internal sealed class ReleaseUpload(SentryApiClient sentry, SentryAccess access, TimeProvider time, TextWriter output)
{
    public const string Scopes = "the scope project:releases (an organization token has what is needed)";

    private const string Repository = "mocksre";
    private const string DeployName = "incident-b";

    /// <summary>From a commit to the end of its deploy.</summary>
    private static readonly TimeSpan DeployTime = TimeSpan.FromMinutes(1);

    /// <summary>Within this time a repeated upload changes no deploy. Later it creates all deploys again.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromDays(1);

    /// <summary>Creates what Sentry does not have yet, oldest first.</summary>
    /// <param name="commits">Newest first.</param>
    /// <exception cref="SentryApiException">Sentry refused, or could not be reached.</exception>
    public async Task RunAsync(IReadOnlyList<DeployCommit> commits, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var shift = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) - DeployTime - commits[0].Timestamp;
        var deployed = 0;
        foreach (var commit in commits.Reverse())
        {
            var (started, finished) = Moments();
            await sentry.PostAsync(
                "releases/",
                new { version = commit.Sha, projects = new[] { access.Project }, dateStarted = started, dateReleased = finished },
                cancellationToken);

            // The difference to the last deploy is how far this upload would move it.
            var last = await LastDeployAsync(commit, cancellationToken);
            var stays = last is { } at && (finished - at).Duration() < Lasting;
            if (stays)
            {
                // An earlier upload was interrupted here, or complete. The rest uses its times.
                shift += last!.Value - finished;
                (started, finished) = Moments();
            }

            await sentry.PutAsync(
                $"releases/{commit.Sha}/", new { dateReleased = finished, commits = new[] { Describe(commit, started) } },
                cancellationToken);
            if (!stays)
            {
                await sentry.PostAsync(
                    $"releases/{commit.Sha}/deploys/",
                    new
                    {
                        environment = access.Environment,
                        name = DeployName,
                        dateStarted = started,
                        dateFinished = finished,
                        projects = new[] { access.Project },
                    },
                    cancellationToken);
                deployed++;
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{commit.Sha}: {(stays ? "was" : "now")} deployed to {access.Environment} at {finished:yyyy-MM-ddTHH:mm:ssZ}"));

            (DateTime Started, DateTime Finished) Moments()
            {
                var made = (commit.Timestamp + shift).UtcDateTime;
                return (made, made + DeployTime);
            }
        }

        output.WriteLine(
            $"{commits.Count} releases are in {access.Organization}/{access.Project} at {access.Url}; {deployed} deploys are new.");
    }

    private ValueTask<DateTime?> LastDeployAsync(DeployCommit commit, CancellationToken cancellationToken) =>
        sentry.ListAsync<Deploy>($"releases/{commit.Sha}/deploys/", cancellationToken)
            .Where(deploy => deploy.Name == DeployName && deploy.Environment == access.Environment)
            .Select(deploy => deploy.DateFinished?.UtcDateTime)
            .MaxAsync(cancellationToken: cancellationToken);

    private static object Describe(DeployCommit commit, DateTime made)
    {
        var (name, email) = commit.Author.Split('<', 2, StringSplitOptions.TrimEntries) is [var before, var after]
            ? (before, after.TrimEnd('>'))
            : (commit.Author, "");
        return new
        {
            id = FullSha.Of(commit.Sha),
            repository = Repository,
            author_name = name,
            author_email = email,
            timestamp = made,
            message = commit.Message,
            patch_set = commit.FilesChanged.Order(StringComparer.Ordinal).Select(path => new { path, type = KindOf(commit, path) }),
        };
    }

    private static string KindOf(DeployCommit commit, string path) =>
        commit.FilesAdded?.Contains(path) == true ? "A"
        : commit.FilesDeleted?.Contains(path) == true ? "D"
        : "M";

    private sealed record Deploy(
        string? Name, string? Environment, [property: JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset? DateFinished);
}
