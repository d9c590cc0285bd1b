using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using MockSre.Web.Access;
using MockSre.Web.Tests.Access;

namespace MockSre.Web.Tests.Incidents;

/// <summary>The paths that are open and closed during a blind run, with and without the token.</summary>
public sealed partial class BlindGuardTests(BlindGuardTests.BlindRun shared) : IClassFixture<BlindGuardTests.BlindRun>
{
    private const string Token = "correct-horse-battery-staple";

    private static readonly string[] Locked =
    [
        "/", "/incidents", "/signals", "/fixtures", "/sign-in", "/docs", "/docs/", "/openapi/v1.json", "/favicon.svg",
        "/_framework/blazor.web.js",
        "/api/signals/summary", "/api/signals/envelopes", "/api/incidents", "/api/incidents/0", "/metrics", "/api/metrics", "/nothing",
        "/api/users", "/healthy",
    ];

    [Fact]
    public async Task Stranger_WhateverElse_IsNotThere()
    {
        foreach (var path in Locked)
        {
            using var response = await shared.Stranger.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal("There is nothing here.", await response.ProblemAsync(404));
        }
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("DELETE", "/api/signals")]
    [InlineData("POST", "/session/sign-out")]
    [InlineData("POST", "/_blazor/negotiate")]
    public async Task Stranger_ChangingAnythingElse_IsNotThere(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await shared.Stranger.SendAsync(request);

        await response.ProblemAsync(404);
    }

    [Theory]
    [InlineData("GET", "/admin/failure-mode")]
    [InlineData("GET", "/admin/incidents/0")]
    [InlineData("GET", "/admin/scenarios")]
    [InlineData("GET", "/admin/load")]
    [InlineData("POST", "/admin/reset")]
    [InlineData("GET", "/admin/nothing")]
    public async Task Stranger_WhatAdminsHave_Is401(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await shared.Stranger.SendAsync(request);

        await response.ProblemAsync(401);
    }

    [Fact]
    public async Task Stranger_TheInvestigationHealthAndProfiles_AreThereAndTellNoMode()
    {
        var run = $"/api/incidents/{shared.Id}";
        foreach (var path in new[] { run, $"{run}/evidence/commits", $"{run}/actions", "/health", "/api/users/profile/1" })
        {
            using var response = await shared.Stranger.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(response.Header("X-Failure-Mode"));
            Assert.Null(response.Header("X-Cache"));
        }
    }

    [Fact]
    public async Task Stranger_AnotherRun_IsNotThere()
    {
        await using var run = await BlindRun.StartAsync();
        using var ended = await run.Http.DeleteAsync(new Uri($"/admin/incidents/{run.Id}", UriKind.Relative));
        using var before = await run.Stranger.GetAsync(new Uri($"/api/incidents/{run.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        await run.App.BeginAsync(blind: true);

        using var meanwhile = await run.Stranger.GetAsync(new Uri($"/api/incidents/{run.Id}", UriKind.Relative));
        await meanwhile.ProblemAsync(404);
    }

    [Fact]
    public async Task Stranger_AfterTheClose_ReachesEverythingAgain()
    {
        await using var run = await BlindRun.StartAsync();
        using var ended = await run.Http.DeleteAsync(new Uri($"/admin/incidents/{run.Id}", UriKind.Relative));

        using var summary = await run.Stranger.GetAsync(new Uri("/api/signals/summary", UriKind.Relative));
        using var profile = await run.Stranger.GetProfileAsync(1);

        Assert.Equal(HttpStatusCode.OK, summary.StatusCode);
        Assert.Equal("none", profile.Header("X-Failure-Mode"));
        Assert.NotNull(profile.Header("X-Cache"));
    }

    [Fact]
    public async Task Admin_WithTheToken_ReachesEverything()
    {
        foreach (var path in new[] { "/", "/api/signals/summary", "/api/incidents", $"/admin/incidents/{shared.Id}", "/favicon.svg" })
        {
            using var response = await shared.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task WrongToken_OnWhatIsLocked_IsNotThereAndCountsAsAnywhere()
    {
        await using var run = await BlindRun.StartAsync();
        using var guesser = run.App.CreateClient();
        guesser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        for (var guess = 0; guess < AdminAccess.WrongTokenLimit; guess++)
        {
            using var response = await guesser.GetAsync(new Uri("/api/signals/summary", UriKind.Relative));
            await response.ProblemAsync(404);
        }

        using var locked = await run.Http.GetAsync(new Uri("/api/signals/summary", UriKind.Relative));
        await locked.ProblemAsync(429);
        Assert.NotNull(locked.Headers.RetryAfter);
        using var health = await guesser.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Page_ForAStranger_IsAFormThatSignsIn()
    {
        using var browser = ScriptlessBrowser.OnSocket(shared.App.Service);
        using var elsewhere = await browser.OpenAsync("/incidents");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        using var wrong = await SignInAsync("wrong");
        Assert.Equal("/sign-in?problem=wrong", wrong.Headers.Location?.OriginalString);
        Assert.Contains("token is wrong", await PageAsync("/sign-in?problem=wrong"), StringComparison.Ordinal);
        using var right = await SignInAsync(Token);

        Assert.Equal("/", right.Headers.Location?.OriginalString);
        Assert.Contains("blazor.web", await PageAsync("/"), StringComparison.Ordinal);
        foreach (var path in new[] { "/api/signals/summary", $"/admin/incidents/{shared.Id}" })
        {
            using var response = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using var change = await browser.PostWithoutTokenAsync("/admin/reset");
        await change.ProblemAsync(401);

        async Task<string> PageAsync(string path)
        {
            using var response = await browser.OpenAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadAsStringAsync();
        }

        async Task<HttpResponseMessage> SignInAsync(string token)
        {
            var page = await PageAsync("/sign-in");
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            var form = FormToken().Match(page);
            return await browser.PostWithoutTokenAsync("/session/sign-in", (form.Groups[1].Value, form.Groups[2].Value), ("token", token));
        }
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    /// <summary>A service that plays a blind run, shared by tests that leave the run open and do not guess tokens.</summary>
    public sealed class BlindRun : IAsyncLifetime, IAsyncDisposable
    {
        internal IncidentApp App { get; } = IncidentApp.Start(("ADMIN_TOKEN", Token));

        /// <summary>A client with the token.</summary>
        internal HttpClient Http => App.Http;

        /// <summary>A client without the token.</summary>
        internal HttpClient Stranger { get; private set; } = null!;

        internal string Id { get; private set; } = null!;

        internal static async Task<BlindRun> StartAsync()
        {
            var run = new BlindRun();
            await run.InitializeAsync();
            return run;
        }

        public async Task InitializeAsync()
        {
            Stranger = App.CreateClient();
            Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            Id = await App.BeginAsync(blind: true);
        }

        public async ValueTask DisposeAsync()
        {
            Stranger.Dispose();
            await App.DisposeAsync();
        }

        Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
    }
}
