using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>Names of people are shown as they are; that of the account made at the first start is a role's, and is said in the reader's language.</summary>
internal static class PersonNames
{
    internal static readonly Text FirstAdmin = new("管理者", "Administrator");

    internal static Text Of(string displayName) => displayName == FirstAdmin.En ? FirstAdmin : Text.Same(displayName);
}
