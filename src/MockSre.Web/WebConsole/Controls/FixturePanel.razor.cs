using System.Text;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Fixtures;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>A fixture file: what it holds, or what is wrong with it.</summary>
/// <typeparam name="T">What the file means.</typeparam>
public sealed partial class FixturePanel<T>
{
    private Fixture<T>? _fixture;
    private string? _problem;
    private string _json = "";

    /// <summary>What the file tells.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>The file's name.</summary>
    [Parameter, EditorRequired]
    public string File { get; set; } = "";

    /// <summary>Where the API gives it.</summary>
    [Parameter, EditorRequired]
    public string Address { get; set; } = "";

    /// <summary>Reads the file.</summary>
    [Parameter, EditorRequired]
    public Func<CancellationToken, Task<Fixture<T>>> Read { get; set; } = null!;

    /// <summary>Shows what it holds.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<T> ChildContent { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => ReadAsync();

    // One broken file says so, and the rest of the page lives on.
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
