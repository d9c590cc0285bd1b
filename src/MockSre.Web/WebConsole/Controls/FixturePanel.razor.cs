using System.Text;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Fixtures;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>Shows a fixture file, or the error in it. Other panels of the page are not affected.</summary>
public sealed partial class FixturePanel<T>
{
    private Fixture<T>? _fixture;
    private string? _problem;
    private string _json = "";

    [Parameter, EditorRequired] public string Title { get; set; } = "";
    [Parameter, EditorRequired] public string File { get; set; } = "";

    /// <summary>The path of the file in the API.</summary>
    [Parameter, EditorRequired] public string Address { get; set; } = "";

    [Parameter, EditorRequired] public Func<CancellationToken, Task<Fixture<T>>> Read { get; set; } = null!;
    [Parameter, EditorRequired] public RenderFragment<T> ChildContent { get; set; } = null!;

    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        try
        {
            _fixture = await Read(CancellationToken.None);
            _json = Encoding.UTF8.GetString(_fixture.Json);
            _problem = null;
        }
        catch (FixtureException e)
        {
            _problem = e.Message;
        }
    }
}
