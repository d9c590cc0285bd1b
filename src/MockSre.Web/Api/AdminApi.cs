using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Web.Access;
using MockSre.Web.Incidents;

namespace MockSre.Web.Api;

internal static class AdminApi
{
    public static void MapAdminApi(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin")
            .WithMetadata(new AdminEndpoint())
            .WithTags("Admin");

        admin.MapGet("/failure-mode", GetMode)
            .Describe("getFailureMode", "Get the failure mode", "The current mode, its traits, and the last changes.");
        admin.MapPost("/failure-mode/{mode}", SetMode)
            .Describe("setFailureMode", "Set the failure mode",
                "The mode applies from the next request. Setting the current mode again restarts it, with an empty cache. "
                + "Needs ENV=demo, and no open incident.")
            .WithParameter("mode", "The failure mode.", EndpointDescriptions.OneOf(Modes.Names))
            .WithParameter(
                "ttl_s",
                "The mode falls back to none after this many seconds. No effect with mode none.",
                EndpointDescriptions.WholeNumber(1, FailureSwitch.MaxTtlSeconds))
            .AddEndpointFilter<ManualChange>()
            .ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/reset", Reset)
            .Describe("resetService", "Reset the service",
                "Sets mode none, clears the cache, figures and inbox, and stops all loads. Safe to repeat. "
                + "Needs ENV=demo, and no open incident.")
            .AddEndpointFilter<ManualChange>()
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Ok<ModeResponse> GetMode(FailureSwitch failures)
    {
        var change = failures.LastChange;
        return TypedResults.Ok(new ModeResponse(
            change.To, change.Release, failures.Current.Traits, change.At, change.Until, change.Source,
            [.. failures.History.Select(ChangeResponse.Of)]));
    }

    private static Ok<ModeSetResponse> SetMode(string mode, string? ttl_s, FailureSwitch failures)
    {
        if (Modes.Find(mode) is not { } wanted)
        {
            throw new RefusedException(
                RefusalKind.Invalid, "Unknown failure mode", $"The failure modes are {string.Join(", ", Modes.Names)}.");
        }

        TimeSpan? ttl = null;
        if (ttl_s is not null)
        {
            if (!int.TryParse(ttl_s, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds is < 1 or > FailureSwitch.MaxTtlSeconds)
            {
                throw new RefusedException(
                    RefusalKind.Invalid,
                    "Invalid time to live",
                    $"ttl_s must be a whole number of seconds from 1 to {FailureSwitch.MaxTtlSeconds}.");
            }

            ttl = TimeSpan.FromSeconds(seconds);
        }

        return Answer(failures.Set(wanted, ChangeSource.AdminApi, ttl));
    }

    private static async Task<Ok<ModeSetResponse>> Reset(ServiceReset reset) => Answer(await reset.RunAsync());

    private static Ok<ModeSetResponse> Answer(DeploymentChange change) =>
        TypedResults.Ok(new ModeSetResponse(change.From, change.To, change.At, change.Until));

    internal sealed record ModeSetResponse(string? Before, string? After, DateTimeOffset At, DateTimeOffset? Until);

    internal sealed record ModeResponse(
        string? Mode, string Release, TraitSet Traits, DateTimeOffset Since, DateTimeOffset? Until, ChangeSource Source,
        IReadOnlyList<ChangeResponse> History);

    internal sealed record ChangeResponse(
        DateTimeOffset At, string? From, string? To, string Release, ChangeSource Source, DateTimeOffset? Until)
    {
        public static ChangeResponse Of(DeploymentChange change) =>
            new(change.At, change.From, change.To, change.Release, change.Source, change.Until);
    }
}
