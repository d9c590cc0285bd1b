namespace MockSre.Domain.Faults;

/// <summary>
/// Who may change the service now: people, one call at a time, or an incident run for as long as it is open. Nobody waits for the other.
/// </summary>
public sealed class ChangeGate
{
    private readonly Lock _gate = new();
    private int _manual;
    private bool _taken;

    /// <summary>Lets somebody change the service by hand until what is returned is disposed of; null while a run has it.</summary>
    public IDisposable? TryEnter()
    {
        lock (_gate)
        {
            if (_taken)
            {
                return null;
            }

            _manual++;
            return new Exit(this);
        }
    }

    /// <summary>Takes it for a run.</summary>
    /// <returns>False while another run has it, or somebody changes something by hand.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_taken || _manual > 0)
            {
                return false;
            }

            return _taken = true;
        }
    }

    /// <summary>Gives it back.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            _taken = false;
        }
    }

    private sealed class Exit(ChangeGate gate) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            lock (gate._gate)
            {
                gate._manual -= _left ? 0 : 1;
                _left = true;
            }
        }
    }
}
