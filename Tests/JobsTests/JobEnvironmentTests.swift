import Jobs
import Model
import Testing

@Suite struct JobEnvironmentTests {
    private let base = BaseEnvironment(coordinator: [
        "PATH": "/bin", "HOME": "/home/ada", "LC_ALL": "C", "TZ": "UTC", "AWS_SECRET_ACCESS_KEY": "0123456789",
        "ANTHROPIC_API_KEY": "sk-0123456789", "GIT_DIR": "/repo/.git", "SSH_AUTH_SOCK": "/run/agent", "TOKEN": "short",
    ])

    @Test func `only variables that every program needs are passed on by default`() {
        let environment = base.environment(place: nil)
        #expect(environment.variables == ["PATH": "/bin", "HOME": "/home/ada", "LC_ALL": "C", "TZ": "UTC"])
        #expect(environment.secrets.isEmpty)
    }

    @Test func `an allowed variable is passed on and set`() {
        let variables = base.environment(general: ["SSH_AUTH_SOCK", "CI=1", "EMPTY=", "UNSET", "A=b=c"], place: nil)
            .variables
        #expect(variables["SSH_AUTH_SOCK"] == "/run/agent")
        #expect(variables["CI"] == "1")
        #expect(variables["EMPTY"]?.isEmpty == true)
        #expect(variables["A"] == "b=c")
        #expect(variables["UNSET"] == nil)
    }

    @Test func `the later of two entries counts`() {
        let variables = base.environment(general: ["TZ=Asia/Tokyo", "X=1", "X=2"], place: nil).variables
        #expect(variables["TZ"] == "Asia/Tokyo")
        #expect(variables["X"] == "2")
    }

    @Test func `entries of a worker override those of the plan, and the place overrides both`() {
        let place = JobPlace(run: RunID("typing-1"), slot: 3)
        let environment = base.environment(
            general: ["X=plan", "Y=plan", "ORCHESTRATE_SLOT=9"], own: ["X=own", "TZ", "UNSET"], place: place)
        #expect(environment.variables["X"] == "own")
        #expect(environment.variables["Y"] == "plan")
        #expect(environment.variables["ORCHESTRATE_SLOT"] == "3")
        #expect(environment.entries == ["X=plan", "Y=plan", "ORCHESTRATE_SLOT=9", "X=own", "TZ", "UNSET"])
        #expect(environment.plannedNames == ["ORCHESTRATE_SLOT", "TZ", "UNSET", "X", "Y"])
    }

    @Test func `git's variables are not passed on even by name`() {
        #expect(base.environment(general: ["GIT_DIR"], place: nil).variables["GIT_DIR"] == nil)
        #expect(base.environment(general: ["GIT_PAGER=cat"], place: nil).variables["GIT_PAGER"] == "cat")
    }

    @Test func `values that look secret are known`() {
        let secrets = base.environment(
            general: ["ANTHROPIC_API_KEY", "TOKEN", "my_password=hunter2hunter2"], place: nil
        ).secrets
        #expect(
            secrets == [
                .init(name: "ANTHROPIC_API_KEY", value: "sk-0123456789"),
                .init(name: "my_password", value: "hunter2hunter2"),
            ])
    }

    @Test func `a job is told where it runs`() {
        let place = JobPlace(run: RunID("typing-1"), task: TaskID("a"), attempt: 2, job: "/jobs/a", slot: 3)
        let variables = base.environment(general: ["ORCHESTRATE_SLOT=9"], place: place).variables
        #expect(variables["ORCHESTRATE_RUN"] == "typing-1")
        #expect(variables["ORCHESTRATE_TASK"] == "a")
        #expect(variables["ORCHESTRATE_ATTEMPT"] == "2")
        #expect(variables["ORCHESTRATE_JOB"] == "/jobs/a")
        #expect(variables["ORCHESTRATE_SLOT"] == "3")
        #expect(variables["ORCHESTRATE_PORT_BASE"] == "20060")
    }

    @Test func `slots have ports of their own below those of clients`() {
        let bases = (0..<600).map { JobPlace(run: RunID("a"), slot: $0).portBase }
        #expect(Set(bases.map { $0 / JobPlace.portsPerSlot }).count == 600)
        for base in bases { #expect((1024...(32_768 - JobPlace.portsPerSlot)).contains(base)) }
        #expect(JobPlace(run: RunID("a"), slot: 1_000_000).portBase < 32_768)
    }
}
