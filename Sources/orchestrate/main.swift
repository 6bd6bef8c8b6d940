import CommandLine

await OrchestrateCommand.run()
