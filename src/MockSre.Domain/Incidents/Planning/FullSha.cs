using System.Security.Cryptography;
using System.Text;

namespace MockSre.Domain.Incidents.Planning;

/// <summary>The 40 digits of a commit. Fixtures and runs have the first seven, Sentry expects all.</summary>
/// <remarks>The other digits are a hash of the first seven, so a commit always has the same full SHA.</remarks>
public static class FullSha
{
    public const int Digits = 40;

    /// <param name="sha">The first digits, in lower case.</param>
    public static string Of(string sha) =>
        string.Concat(sha, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(sha)))).Remove(Digits);
}
