using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Results;

/// <summary>Samples on PostgreSQL.</summary>
public sealed class SampleTestsOnServer() : SampleTests(Engine.Server);
