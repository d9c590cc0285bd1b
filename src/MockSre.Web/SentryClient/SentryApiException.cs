namespace MockSre.Web.SentryClient;

/// <summary>A call to Sentry did not do what it should.</summary>
/// <param name="message">Which call, what happened and what to check, in one line without secrets.</param>
/// <param name="status">Sentry's answer, where there is one.</param>
internal sealed class SentryApiException(string message, HttpStatusCode? status = null) : Exception(message)
{
    public HttpStatusCode? Status => status;
}
