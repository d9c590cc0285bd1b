using System.Net;
using MockSre.Web.Incidents;

namespace MockSre.Web.Tests.Incidents;

/// <summary>Profile requests from outside during a run.</summary>
public sealed class VisitorsTests
{
    [Fact]
    public async Task Visitor_InARun_IsAnsweredAndLeavesNoTraceInItsEvidence()
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();
        await app.GoAsync(20);
        var before = (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=1")).GetProperty("logs")[0].GetProperty("id")
            .GetString();

        for (var user = 1; user <= 10; user++)
        {
            using var profile = await app.Http.GetProfileAsync(user);
            Assert.Equal(HttpStatusCode.OK, profile.StatusCode);

            // The load has read all profiles, but into its own cache.
            Assert.Equal("miss", profile.Header("X-Cache"));
        }

        using var again = await app.Http.GetProfileAsync(1);
        Assert.Equal("hit", again.Header("X-Cache"));
        Assert.Equal(
            before,
            (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=1")).GetProperty("logs")[0].GetProperty("id")
                .GetString());
        await app.GoAsync(2);
        var metrics = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/metrics");
        Assert.InRange(metrics.GetProperty("by_release")[0].GetProperty("requests").GetInt32(), 100, 112);
    }

    [Fact]
    public async Task Visitor_WhoPretendsToBeTheLoad_IsAVisitor()
    {
        await using var app = IncidentApp.Start();
        await app.BeginAsync();
        await app.GoAsync(20);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/profile/1");
        request.Headers.Add(Web.Load.OwnProfileClient.LoadHeader, "0123456789abcdef0123456789abcdef");

        using var profile = await app.Http.SendAsync(request);

        Assert.Equal("miss", profile.Header("X-Cache"));
    }

    [Fact]
    public async Task Visitors_TooMany_AreToldSoWhileARunIsOpenOnly()
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();

        var statuses = new List<HttpStatusCode>();
        for (var request = 0; request < 200; request++)
        {
            using var profile = await app.Http.GetProfileAsync(1);
            statuses.Add(profile.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.All(statuses.Take(VisitorRateLimiter.Burst), status => Assert.Equal(HttpStatusCode.OK, status));
        using var ended = await app.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));
        for (var request = 0; request < 100; request++)
        {
            using var profile = await app.Http.GetProfileAsync(1);
            Assert.Equal(HttpStatusCode.OK, profile.StatusCode);
        }
    }

    [Fact]
    public async Task Visitors_MoreThanMayRunAtOnce_AreRefusedAtOnce()
    {
        await using var app = IncidentApp.Start();
        await app.BeginAsync();
        var places = Enumerable.Range(0, VisitorRateLimiter.Concurrency).Select(_ => app.Get<VisitorRateLimiter>().AttemptAcquire())
            .ToList();
        Assert.All(places, place => Assert.True(place.IsAcquired));

        using var refused = await app.Http.GetProfileAsync(1);
        await refused.ProblemAsync(429);
        Assert.Equal("1", refused.Header("Retry-After"));

        places[0].Dispose();
        using var served = await app.Http.GetProfileAsync(1);
        using var next = await app.Http.GetProfileAsync(1);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (served.StatusCode, next.StatusCode));
        places.ForEach(place => place.Dispose());
    }

    [Fact]
    public async Task Visitors_FiftyAtOnceAgainAndAgain_LeaveTheRunsRequestsAndItsPoolAsTheyAre()
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();
        for (var second = 0; second < 20; second++)
        {
            await app.GoAsync(1);
            var answers = await Task.WhenAll(Enumerable.Range(1, 50).Select(user => app.Http.GetProfileAsync((user % 10) + 1)));
            Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
            Array.ForEach(answers, answer => answer.Dispose());
        }

        await app.GoAsync(2);
        var metrics = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/metrics");
        var release = metrics.GetProperty("by_release")[0];
        Assert.InRange(release.GetProperty("requests").GetInt32(), 100, 112);
        Assert.Equal(0, release.GetProperty("errors").GetInt32());
        Assert.Equal(0, (await app.Http.GetJsonAsync("/api/metrics")).GetProperty("pool").GetProperty("timeouts").GetInt64());
    }
}
