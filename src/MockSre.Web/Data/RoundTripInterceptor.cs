using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MockSre.Web.Data;

/// <summary>Makes each query take the time of a network round trip, as if the database were on another machine.</summary>
internal sealed class RoundTripInterceptor(TimeSpan roundTrip, TimeProvider time) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        await Task.Delay(roundTrip, time, cancellationToken);
        return result;
    }
}
