namespace MockSre.Web.Tests;

/// <summary>The trait by which <c>make test</c> leaves out what <c>make check</c> runs.</summary>
internal static class TestCategory
{
    public const string Name = "Category";

    /// <summary>Tests of the program in a process of its own, in a browser or behind nginx. They wait for real seconds.</summary>
    public const string RealTime = "RealTime";
}
