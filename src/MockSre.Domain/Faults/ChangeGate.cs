namespace MockSre.Domain.Faults;

/// <summary>Lets either manual calls or one incident run change the service. Others are refused at once and never wait.</summary>
public sealed class ChangeGate
{
    private readonly Lock _gate = new();
    private int _manual;
    private bool _taken;

    /// <summary>Begins a manual change, which ends when the result is disposed. Null while a run is open.</summary>
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

    /// <summary>Reserves the service for a run.</summary>
    /// <returns>False while another run is open or a manual change is under way.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            var isFree = !_taken && _manual == 0;
            _taken |= isFree;
            return isFree;
        }
    }

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
