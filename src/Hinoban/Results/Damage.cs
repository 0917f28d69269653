namespace Hinoban.Results;

/// <summary>Reads what may be damaged where one row that is must not hold up all others.</summary>
internal static class Damage
{
    /// <summary>Null if it cannot be read.</summary>
    internal static List<T>? Tried<T>(Func<List<T>> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
