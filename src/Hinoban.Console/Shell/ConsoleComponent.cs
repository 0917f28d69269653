using Hinoban.Basics;
using Hinoban.Flow;
using Microsoft.AspNetCore.Components;

namespace Hinoban.Console.Shell;

/// <summary>What every page and fragment has at hand: who looks, and the desk's views.</summary>
public abstract class ConsoleComponent : ComponentBase
{
    [Inject]
    private protected Viewer Viewer { get; set; } = default!;

    [Inject]
    private protected IDeskQueries Desk { get; set; } = default!;

    private protected string T(Text text) => Viewer.T(text);
}
