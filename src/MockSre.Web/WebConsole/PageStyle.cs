namespace MockSre.Web.WebConsole;

/// <summary>The content of console.css, for pages that cannot load it.</summary>
internal sealed class PageStyle(IWebHostEnvironment environment)
{
    private readonly Lazy<string> _css = new(() =>
    {
        using var file = new StreamReader(environment.WebRootFileProvider.GetFileInfo("console.css").CreateReadStream());
        return file.ReadToEnd();
    });

    public string Css => _css.Value;
}
