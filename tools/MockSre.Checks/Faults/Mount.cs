using System.Diagnostics;

namespace MockSre.Checks.Faults;

/// <summary>A small file system in memory that can be filled. Mounting needs root, or sudo without a password.</summary>
internal sealed class Mount : IAsyncDisposable
{
    private const string Filler = "filler";
    private const int Page = 4096;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-disk-");

    private Mount()
    {
    }

    public string PathOf(string file) => Path.Combine(_directory.FullName, file);

    /// <returns>The mount, or null and the reason why mounting failed.</returns>
    public static async Task<(Mount? Mount, string Reason)> TryCreateAsync(int megabytes)
    {
        var mount = new Mount();
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", mount._directory.FullName) is not { } reason)
        {
            return (mount, "");
        }

        mount._directory.Delete();
        return (null, reason);
    }

    /// <summary>Fills the remaining space.</summary>
    public void Fill()
    {
        using var filler = new FileStream(PathOf(Filler), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[Page];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // The file system is full.
        }
    }

    /// <summary>Frees the space again.</summary>
    public void Free() => File.Delete(PathOf(Filler));

    public async ValueTask DisposeAsync()
    {
        if (await RunAsync("umount", _directory.FullName) is { } reason)
        {
            throw new IOException(reason);
        }

        _directory.Delete();
    }

    // Returns null for success, or the error.
    private static async Task<string?> RunAsync(params string[] command)
    {
        string[] all = Environment.IsPrivilegedProcess ? command : ["sudo", "-n", .. command];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : error.ReplaceLineEndings(" ").Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
