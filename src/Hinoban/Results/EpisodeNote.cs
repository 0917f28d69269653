using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Results;

/// <summary>
/// How an item's latest episode stands, in a form that any two holders can put together in any order and any number of times: of two
/// episodes the later counts, and what was once told or over stays so.
/// </summary>
/// <param name="Item">Of which item.</param>
/// <param name="Episode">Its number, from 1.</param>
/// <param name="Number">What people call its incident.</param>
/// <param name="By">Who opened it: a site's name, or <c>desk</c>.</param>
/// <param name="Mailed">A relay has taken its problem mail for the customer: nobody tells it again to those who got it.</param>
/// <param name="Over">It has ended; the next failure is the next episode.</param>
/// <param name="Opening">The event it began with, as text, where somebody may have to go on with it; else empty.</param>
internal sealed record EpisodeNote(ItemId Item, int Episode, string Number, string By, bool Mailed, bool Over, string Opening)
{
    /// <summary>For whom a relay has taken the problem mail: addresses, one a line, in order.</summary>
    public string Got { get; init; } = "";

    /// <summary>Whom a relay has refused it for good, written likewise.</summary>
    public string Missed { get; init; } = "";

    /// <summary>Who has not had it, as far as is known, and will not get it from whoever tried.</summary>
    internal IReadOnlyList<string> Unreached => [.. Lines(Missed).Except(Lines(Got), StringComparer.Ordinal)];

    internal static string Written(IEnumerable<string> addresses) => string.Join('\n', addresses.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Both together.</summary>
    internal EpisodeNote With(EpisodeNote other)
    {
        if (other.Episode != Episode)
        {
            return other.Episode > Episode ? other : this;
        }

        // Who told it is who began it; between two that did not, or both did, the name decides, the same everywhere.
        var first = Mailed != other.Mailed
            ? (Mailed ? this : other)
            : Order(By, other.By) <= 0 ? this : other;
        return first with
        {
            Mailed = Mailed || other.Mailed,
            Over = Over || other.Over,
            Opening = first.Opening.Length > 0 ? first.Opening : Opening.Length > 0 ? Opening : other.Opening,
            Got = Written(Lines(Got).Concat(Lines(other.Got))),
            Missed = Written(Lines(Missed).Concat(Lines(other.Missed))),
        };
    }

    /// <summary>Read from bytes of which nothing was left out.</summary>
    internal bool IsWhole => Number is not null && By is not null && Opening is not null && Got is not null && Missed is not null;

    internal bool HasReached(string address) => Lines(Got).Contains(address, StringComparer.Ordinal);

    private static string[] Lines(string? addresses) => addresses?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    // What the desk has taken over is the desk's.
    private static int Order(string a, string b) =>
        a == b ? 0 : a == ProviderPlan.Desk.Value ? -1 : b == ProviderPlan.Desk.Value ? 1 : string.CompareOrdinal(a, b);

    /// <summary>What the next failure of the item is: this episode as long as it lasts, else the one after it.</summary>
    internal int Next => Over ? Episode + 1 : Episode;
}
