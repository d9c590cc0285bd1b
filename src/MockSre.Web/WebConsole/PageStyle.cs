namespace MockSre.Web.WebConsole;

/// <summary>The content of console.css, for pages that cannot load it.</summary>
internal sealed record PageStyle(string Css)
{
    public static PageStyle Read(IWebHostEnvironment environment)
    {
        using var file = new StreamReader(environment.WebRootFileProvider.GetFileInfo("console.css").CreateReadStream());
        return new PageStyle(file.ReadToEnd());
    }
}
