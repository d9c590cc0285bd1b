using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;

namespace MockSre.Web.Profiles;

/// <summary>Makes a receiver for the steps of one profile request.</summary>
/// <param name="context">The request.</param>
/// <param name="deployment">The deployment that it entered.</param>
/// <returns>Null where this request is not reported there.</returns>
internal delegate IProfileTelemetry? ProfileTelemetryFactory(HttpContext context, Deployment deployment);
