using MockSre.Web.Access;
using MockSre.Web.Api;
using MockSre.Web.Composition;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Signals;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Pages;

var commandLine = CommandLine.Parse(args);
if (commandLine.IsAnswered)
{
    return commandLine.Answer(Console.Out, Console.Error);
}

var builder = Startup.CreateBuilder(commandLine);
if (SentryCommands.Contains(commandLine.Command))
{
    return await SentryCommands.RunAsync(commandLine.Command, builder.Configuration);
}

if (!Startup.TryConfigure(builder, out var settings, out var addresses, out var connections))
{
    return Startup.Refused;
}

builder.AddMockSre(settings, addresses, connections);

await using var app = builder.Build();

app.UseConnectionLimits();
app.UseMiddleware<ReadableHosts>();
app.UsePublicAddress();
app.UseMiddleware<HeadRequests>();
app.UseExceptionHandler();
app.UseStatusCodePages(Problems.WriteStatusAsync);
app.UseRouting();
app.UseMiddleware<ContentPolicy>();
app.UseMiddleware<HostGuard>();
app.UseMiddleware<CrossOriginGuard>();
app.UseMiddleware<BlindGuard>(new BlindGuard.LockedPage(SignInPage.ShowLockedAsync));
app.UseWhen(AdminGuard.Guards, admin => admin.UseMiddleware<AdminGuard>());
app.UseProfileTransactions();
app.UseProfileRequests();
app.UseStrictQuery();
app.UseStrictBody();
app.UseConsole();

var api = app.MapGroup("").WithStrictQuery().WithStrictBody();
api.MapHealthApi();
api.MapProfileApi();

// Not the profiles: a filter would be in the stack traces of their errors.
api = api.MapGroup("").WithRefusals();
api.MapAdminApi();
api.MapLoadApi();
api.MapMetricsApi();
api.MapSignalsApi();
api.MapFixturesApi();
api.MapIncidentsApi();
api.MapInvestigationApi();
api.MapApiDescription();
app.MapApiPage();
app.MapSession();
app.MapConsole();

return await app.RunAsync(commandLine.Command);
