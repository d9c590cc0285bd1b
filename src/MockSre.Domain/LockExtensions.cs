namespace MockSre.Domain;

public static class LockExtensions
{
    public static T Read<T>(this Lock gate, Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }
}
