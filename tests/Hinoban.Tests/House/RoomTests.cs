using Mono.Cecil;

namespace Hinoban.Tests.House;

/// <summary>The order of the rooms, read from the compiled assembly.</summary>
public sealed class RoomTests
{
    [Fact]
    public void A_room_uses_only_rooms_above_it()
    {
        using var core = Repository.Core();
        var wrong =
            from type in Repository.Types(core)
            let room = RoomOf(type)
            where room is not null && room != "Flow"
            from used in Repository.Uses(type)
            let other = RoomOf(used)
            where other is not null && Rank(other) > Rank(room)
            select $"{type.FullName} ({room}) uses {used.FullName} ({other})";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_type_of_the_core_lives_in_a_room()
    {
        using var core = Repository.Core();
        var homeless = Repository.Types(core)
            .Where(t => t.DeclaringType is null && t.Namespace.StartsWith("Hinoban", StringComparison.Ordinal))
            .Where(t => t.FullName != "Hinoban.Rooms" && (RoomOf(t) is not { } room || Rank(room) < 0))
            .Select(t => t.FullName);
        Assert.Empty(homeless);
    }

    [Fact]
    public void Every_room_exists_and_every_folder_is_a_room()
    {
        var folders = Directory.GetDirectories(Repository.Path("src", "Hinoban")).Select(f => Path.GetFileName(f)!).ToHashSet();
        Assert.Empty(folders.Except(Rooms.InOrder).Except(["obj", "bin"]));
    }

    [Fact]
    public void The_map_names_every_room_in_order_with_a_sentence()
    {
        var rows = File.ReadLines(Repository.Path("src", "Hinoban", "README.md"))
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.Equal(Rooms.InOrder, rows.Select(r => r[1].Trim('`')));
        Assert.All(rows, r => Assert.Matches("[?.]$", r[2]));
    }

    [Fact]
    public void Nothing_in_the_core_is_public()
    {
        using var core = Repository.Core();
        var open = Repository.Types(core)
            .Where(t => t.Namespace.StartsWith("Hinoban", StringComparison.Ordinal) && t.IsPublic)
            .Select(t => t.FullName);
        Assert.Empty(open);
    }

    [Fact]
    public void The_agent_is_an_assembly_of_its_own_and_nothing_in_it_is_public()
    {
        using var agent = Repository.Agent();
        Assert.Empty(agent.AssemblyReferences.Where(r => !r.Name.StartsWith("System", StringComparison.Ordinal) && r.Name != "Microsoft.Win32.Primitives").Select(r => r.Name));
        Assert.Empty(Repository.Types(agent).Where(t => t.Namespace.StartsWith("Hinoban", StringComparison.Ordinal) && t.IsPublic).Select(t => t.FullName));
    }

    [Fact]
    public void The_agents_measures_know_nothing_of_its_serving()
    {
        // What is linked from the core knows none of the agent's own.
        using var agent = Repository.Agent();
        string[] order = ["Hinoban.Basics", "Hinoban.Checks", "Hinoban.Checks.Nrpe", "Hinoban.Agent.Setup", "Hinoban.Agent.Measures", "Hinoban.Agent.Databases", "Hinoban.Agent.Serving"];
        var wrong =
            from type in Repository.Types(agent)
            let room = Array.IndexOf(order, OutermostOf(type).Namespace)
            where room >= 0
            from used in Repository.Uses(type)
            let other = Array.IndexOf(order, OutermostOf(used).Namespace)
            where other > room
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void The_console_reaches_no_store_and_no_database()
    {
        using var console = Repository.Console();
        var wrong =
            from type in Repository.Types(console)
            from used in Repository.Uses(type)
            where used.Namespace.StartsWith("Hinoban.", StringComparison.Ordinal)
                && (used.Name.EndsWith("Store", StringComparison.Ordinal) || used.Namespace == "Hinoban.Storage")
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Rules_wait_for_nothing_and_read_no_clock()
    {
        using var core = Repository.Core();
        string[] pure = ["Rules", "Machine", "Math", "Agreement"];
        var wrong =
            from type in Repository.Types(core)
            where pure.Any(p => type.Name.EndsWith(p, StringComparison.Ordinal))
            from used in Repository.Uses(type)
            where used.FullName is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask" or "System.TimeProvider" or "Hinoban.Storage.Tx"
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void No_type_that_others_use_is_left_unsealed()
    {
        using var core = Repository.Core();
        using var agent = Repository.Agent();
        AllSealed(core);
        AllSealed(agent);
    }

    private static void AllSealed(ModuleDefinition core)
    {
        var bases = Repository.Types(core).Select(t => t.BaseType?.GetElementType().FullName).OfType<string>().ToHashSet();
        var open = Repository.Types(core)
            .Where(t => t.Namespace.StartsWith("Hinoban", StringComparison.Ordinal))
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && !t.Name.Contains('<', StringComparison.Ordinal))
            .Where(t => !bases.Contains(t.FullName))
            .Select(t => t.FullName);
        Assert.Empty(open);
    }

    private static TypeReference OutermostOf(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is not null)
        {
            outermost = outermost.DeclaringType;
        }

        return outermost;
    }

    private static string? RoomOf(TypeReference type)
    {
        var outermost = OutermostOf(type);
        var parts = outermost.Namespace.Split('.');
        return parts is ["Hinoban", var room, ..] && outermost.Scope.Name.StartsWith("Hinoban.Core", StringComparison.Ordinal) ? room : null;
    }

    private static int Rank(string room) => Array.IndexOf(Rooms.InOrder, room);
}
