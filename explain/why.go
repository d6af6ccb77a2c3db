package explain

import "strings"

// reason is why clients ask for an operation in a situation. {client} in it is what the
// client is called.
type reason struct {
	operation string
	when      func(*situation) bool
	says      string
	brief     string // the same in a line; empty if that is not worth one
}

// why returns why the client asks for this here, at length and in a line. It is false if nobody
// knows. Of several reasons the first counts.
func (s *situation) why() (says, brief string, known bool) {
	for i := range reasons {
		if r := &reasons[i]; r.operation == s.operation && r.when(s) {
			return s.named(r.says), s.named(r.brief), true
		}
	}
	return "", "", false
}

// named puts what the client is called into a sentence.
func (s *situation) named(says string) string {
	says = strings.ReplaceAll(says, "{client}", names[s.client.program])
	if rest, article := strings.CutPrefix(says, "the "); article {
		says = "The " + rest // docker-py is written as it is
	}
	return says
}

const leavesHTTP = " With the answer 101 the connection leaves HTTP: from there on it carries the input and the output."

const leavesBriefly = "With 101 the connection leaves HTTP for input and output."

// reasons are those that are known, by what clients do in recordings and in their sources.
var reasons = []reason{
	{"SystemPing", func(s *situation) bool { return s.client.refused },
		"Its HEAD request had no good answer: {client} asks again with GET, which older daemons know.",
		"Its HEAD had no good answer: it asks again with GET."},
	{"SystemPingHead", again, agreesToo, ""},
	{"SystemPing", again, agreesToo, ""},
	{"SystemPingHead", firstOfGo, agrees, agreesBriefly},
	{"SystemPing", firstOfGo, agrees, agreesBriefly},
	{"SystemVersion", func(s *situation) bool { return s.first && s.is(dockerPy) && s.x.Request.Call.Version == "" },
		"docker-py asks this before all else, unless it is given a version: it takes ApiVersion of the answer for the paths that follow.",
		"docker-py takes ApiVersion of it for the paths that follow."},

	{"ContainerCreate", func(s *situation) bool { return s.client.missing && s.client.pulled },
		"The image was not there, and was pulled since: {client} sends the same request again.",
		"The image was pulled since: the same request again."},
	{"ContainerCreate", func(s *situation) bool { return s.is(dockerCLI) },
		"The answer is the id that the next requests have in their paths. If the image is not there, the answer is 404: the docker CLI pulls it then, unless it was told not to, and asks again.",
		"The answer is the id that the next paths have in them."},
	{"ContainerCreate", func(s *situation) bool { return s.is(dockerPy) },
		"docker-py does not look before whether the image is there: after a 404 containers.run pulls it and asks again, and containers.create raises an error.",
		"docker-py does not look before whether the image is there."},
	{"ImageCreate", func(s *situation) bool { return s.client.missing && s.pullsMissing() },
		"The container could not be created without the image. The daemon does not pull by itself: it is {client} that asks for it, and then creates the container again.",
		"The daemon does not pull by itself: {client} asks for it."},

	{"ContainerAttach", func(s *situation) bool { return s.beforeStart() && s.upgrades() },
		"{client} attaches before it starts the container, so that no output is missed." + leavesHTTP,
		"Before the start, so that no output is missed."},
	{"ContainerAttach", (*situation).upgrades, strings.TrimSpace(leavesHTTP), leavesBriefly},
	{"ContainerWait", func(s *situation) bool { return s.beforeStart() && s.query("condition") == "removed" },
		"{client} waits before it starts the container, so that an end cannot be missed, and for its removal, since that is to follow at once (--rm). The body of the answer, with the exit code, comes when it is gone.",
		"Before the start, and until it is removed at its end (--rm)."},
	{"ContainerWait", (*situation).beforeStart,
		"{client} waits before it starts the container, so that an end cannot be missed. The body of the answer, with the exit code, comes when the container ends.",
		"Before the start, so that the end cannot be missed."},
	{"ContainerWait", func(s *situation) bool { return s.own() && s.is(dockerPy) },
		"docker-py asks for the exit code. A container that has ended has it at once, else the answer ends with the container.",
		"docker-py asks for the exit code."},
	{"ContainerWait", func(s *situation) bool { return s.query("condition") == "next-exit" },
		"With next-exit it is the end of a run that is still to begin: clients ask so before they start a container, so that an end cannot be missed.",
		"Asked before a start: it is the end of a run to come."},
	{"ContainerWait", func(s *situation) bool { return true },
		"How long the answer takes is the container's time, not the daemon's.",
		"It lasts as long as the container runs."},
	{"ContainerStart", func(s *situation) bool { return s.own() && s.box.attached && s.box.waited },
		"All is ready: its output is attached, and its end is waited for. The answer comes when its process runs.",
		"All is ready: its output is attached, its end waited for."},
	{"ContainerStart", func(s *situation) bool { return s.own() && s.box.attached },
		"Its output is attached already. The answer comes when its process runs.",
		"Its output is attached already."},
	{"ContainerStart", func(s *situation) bool { return s.own() && s.is(dockerPy) },
		"docker-py attaches to nothing for that: what the container writes is in its log.",
		"docker-py attaches to nothing: the output is in the log."},

	{"ContainerInspect", func(s *situation) bool { return s.is(dockerPy) && s.behind("ContainerLogs", "ContainerAttach") },
		"docker-py looks whether the container has a terminal: that decides whether its output comes in frames.",
		"It tells whether output comes in frames: not with a terminal."},
	{"ContainerInspect", func(s *situation) bool { return s.own() && s.is(dockerPy) && s.beforeStart() },
		"The creation has told the id alone; docker-py makes its object of the container from this.",
		"docker-py makes its object of the container from this."},
	{"ContainerInspect", func(s *situation) bool { return s.is(dockerCLI) && len(s.client.operations) <= 1 && !s.own() },
		"docker inspect and port show it; others, such as exec and logs, look first whether the container runs, and has a terminal. What comes next tells which.",
		"docker inspect shows it; others look first whether it runs."},
	{"ImageInspect", ofOther, others, othersBriefly}, {"NetworkInspect", ofOther, others, othersBriefly},
	{"VolumeInspect", ofOther, others, othersBriefly}, {"PluginInspect", ofOther, others, othersBriefly},
	{"ContainerLogs", func(s *situation) bool { return s.own() && s.is(dockerPy) && s.set("follow") },
		"docker-py does not attach: it reads what the container has written since its start, until it ends (follow=1).",
		"docker-py does not attach: it reads the log, to the end."},
	{"ContainerLogs", func(s *situation) bool { return s.runsPython() && s.box.waited },
		"The exit code was not 0: containers.run reads what went to stderr, for the error that it raises.",
		"The exit code was not 0: stderr goes into the exception."},
	{"ContainerLogs", func(s *situation) bool { return s.is(dockerCLI) && s.behind("ContainerInspect") && s.set("follow") },
		"The docker CLI has looked whether the container has a terminal: else the output comes in frames. With follow=1 the answer goes on until the container ends, or the client leaves.",
		"It goes on until the container ends, or the client leaves."},
	{"ContainerLogs", func(s *situation) bool { return s.is(dockerCLI) && s.behind("ContainerInspect") },
		"The docker CLI has looked whether the container has a terminal: else the output comes in frames.",
		"It was looked whether there is a terminal: else in frames."},
	{"ContainerLogs", func(s *situation) bool { return s.set("follow") },
		"With follow=1 the answer goes on until the container ends, or the client leaves.",
		"It goes on until the container ends, or the client leaves."},
	{"ContainerDelete", func(s *situation) bool { return s.runsPython() && s.box.waited },
		"With remove=True it is docker-py that removes the container; docker run --rm has the daemon do it.",
		"With remove=True docker-py removes the container itself."},
	{"ContainerKill", func(s *situation) bool { return s.own() && s.box.attached && s.is(dockerCLI) },
		"The docker CLI passes on a signal that it has got itself, such as that of Ctrl-C.",
		"The docker CLI passes on a signal that it has got itself."},
	{"ContainerResize", func(s *situation) bool { return s.box != nil && s.box.attached },
		"The container has a terminal, which is to be as large as the one that {client} runs in.",
		"Its terminal is to be as large as that of the client."},

	{"ContainerExec", func(s *situation) bool { return s.is(dockerCLI) && s.behind("ContainerInspect") },
		"docker exec has looked whether the container is there and runs. This only makes the command, and the answer is its id: another request starts it, and a third asks how it has ended.",
		"This only makes it: the next request starts it."},
	{"ContainerExec", func(s *situation) bool { return s.is(dockerCLI, dockerPy) },
		"This only makes it, and the answer is its id: another request starts it, and a third asks how it has ended.",
		"This only makes it: the next request starts it."},
	{"ExecStart", func(s *situation) bool { return s.behind("ContainerExec") && s.upgrades() },
		"It was made just before." + leavesHTTP,
		leavesBriefly},
	{"ExecStart", (*situation).upgrades, strings.TrimSpace(leavesHTTP), leavesBriefly},
	{"SystemInfo", func(s *situation) bool { return s.is(dockerCLI) && s.client.missing },
		"The docker CLI is about to have the image pulled: IndexServerAddress in the answer is what its credentials for Docker Hub are kept under.",
		"It tells what credentials for Docker Hub are kept under."},
	{"SystemInfo", func(s *situation) bool {
		return s.is(dockerCLI) && s.client.version == 20 && len(s.client.operations) <= 1
	},
		"For docker info it is the answer itself. docker pull and push of this version ask for it first: IndexServerAddress in it is what credentials for Docker Hub are kept under.",
		"docker pull and push look up whose credentials to send."},
	{"ExecInspect", func(s *situation) bool {
		return s.client.executed != "" && s.client.executed == s.x.Request.Call.Subject
	},
		"The stream does not tell the exit code of the command: {client} asks for it when the stream has ended.",
		"The stream does not tell the exit code: this does."},

	{"ImageBuild", func(s *situation) bool { return s.query("version") == "2" },
		"The body is empty: BuildKit fetches the files that it needs from the client, over its /session.",
		"The body is empty: BuildKit fetches files over /session."},
	{"ImageBuild", func(s *situation) bool { return s.query("remote") == "" },
		"The body is all of the context, which the client has packed: the build runs where the daemon is.",
		"The body is the whole context, packed by the client."},
	{"Session", (*situation).upgrades,
		"With the answer 101 the roles are swapped: over HTTP/2 the daemon asks the client, which has the files, secrets and credentials that a build needs.",
		"With 101 the roles are swapped: the daemon asks the client."},
	{"GRPC", (*situation).upgrades,
		"With the answer 101 the connection is HTTP/2, over which the client calls the methods of BuildKit.",
		"With 101 it is HTTP/2, for calls of BuildKit."},
	{"ContainerList", ofProject, byLabel, byLabelBriefly}, {"NetworkList", ofProject, byLabel, byLabelBriefly}, {"VolumeList", ofProject, byLabel, byLabelBriefly},
	{"ImageInspect", func(s *situation) bool { return s.is(dockerPy) && s.behind("ImageCreate") },
		"docker-py makes its object of the image that it has pulled from this.",
		"docker-py makes its object of the image from this."},
	{"ImageInspect", func(s *situation) bool { return s.is(compose) },
		"Compose looks whether the image is there before it has it pulled or built.",
		"If it is not there, Compose has it pulled or built."},
	{"SystemEvents", func(s *situation) bool { return s.query("until") == "" },
		"The answer goes on until the client leaves.",
		"It goes on until the client leaves."},
}

const byLabelBriefly = "Compose finds what is of a project by its labels."

const byLabel = "Compose keeps no list of what it has made: it finds what is of a project by its labels."

// agrees is why clients ping.
const agrees = "{client} asks this before all else: Api-Version in the answer is the newest version of the API that the daemon has, and the lower one of both is in the paths that follow, unless DOCKER_API_VERSION says another."

// agreesBriefly is the same in a line.
const agreesBriefly = "To agree on a version: Api-Version in the answer is the newest."

// agreesToo is that for those who have read it in the same session.
const agreesToo = "{client} asks this before all else, to agree on a version of the API."

// others is why docker inspect asks for what is no container.
const others = "There is no container of that name: docker inspect looks for other objects of that name, one kind after the other."

const othersBriefly = "No container has that name: docker inspect tries other kinds."

func ofOther(s *situation) bool {
	return s.is(dockerCLI) && s.client.without != "" && s.client.without == s.x.Request.Call.Subject
}

func ofProject(s *situation) bool {
	return s.is(compose) && strings.Contains(s.query("filters"), "com.docker.compose.")
}

// firstOfGo reports whether it is the first request of a client that is made with Docker's
// own library.
func firstOfGo(s *situation) bool { return s.first && s.is(dockerCLI, compose, buildx) }

// again reports whether it was said already why such a client pings.
func again(s *situation) bool { return s.agreed && firstOfGo(s) }
