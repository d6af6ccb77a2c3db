package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// goForm gives the request a in g.
type goForm func(a *wanted, g *golang)

// goTable is forms by operations.
type goTable map[string]goForm

// goContainers are the calls of operations on containers.
var goContainers = goTable{
	"ContainerList":        goPs,
	"ContainerCreate":      goCreate,
	"ContainerInspect":     goInspect,
	"ContainerTop":         goTop,
	"ContainerLogs":        goLogs("ContainerLogs"),
	"ContainerChanges":     goOfName("show", "ContainerDiff"),
	"ContainerExport":      goOfName("stream", "ContainerExport"),
	"ContainerStats":       goStats,
	"ContainerResize":      goResize("ContainerResize"),
	"ContainerStart":       goStart,
	"ContainerStop":        goStop("ContainerStop"),
	"ContainerRestart":     goStop("ContainerRestart"),
	"ContainerKill":        func(a *wanted, g *golang) { g.do("check", "ContainerKill", g.str(a.name), g.str(a.param("signal"))) },
	"ContainerUpdate":      goUpdate,
	"ContainerRename":      func(a *wanted, g *golang) { g.do("check", "ContainerRename", g.str(a.name), g.str(a.param("name"))) },
	"ContainerPause":       goOfName("check", "ContainerPause"),
	"ContainerUnpause":     goOfName("check", "ContainerUnpause"),
	"ContainerAttach":      goAttach,
	"ContainerWait":        goWait,
	"ContainerDelete":      goRm,
	"ContainerArchiveInfo": func(a *wanted, g *golang) { g.do("show", "ContainerStatPath", g.str(a.name), g.str(a.param("path"))) },
	"ContainerArchive":     goCpOut,
	"PutContainerArchive":  goCpIn,
	"ContainerPrune":       goPrune("ContainersPrune"),
	"ContainerExec":        goExec,
	"ExecStart":            goExecStart,
	"ExecResize":           goResize("ContainerExecResize"),
	"ExecInspect":          goOfName("show", "ContainerExecInspect"),
	"CheckpointList":       goCheckpoints,
	"CheckpointCreate":     goCheckpoint,
	"CheckpointDelete": func(a *wanted, g *golang) {
		g.do("check", "CheckpointDelete", g.str(a.name), goOptions("checkpoint.DeleteOptions", g.field("CheckpointID", a.last()), g.field("CheckpointDir", a.param("dir"))))
	},
}

// goOfName is the form of methods that take the name of one thing and no more.
func goOfName(with, method string) goForm {
	return func(a *wanted, g *golang) { g.do(with, method, g.str(a.name)) }
}

// goBare is the form of methods that take nothing.
func goBare(with, method string) goForm {
	return func(_ *wanted, g *golang) { g.do(with, method) }
}

// goPrune is the form of methods that take filters.
func goPrune(method string) goForm {
	return func(a *wanted, g *golang) { g.do("show", method, g.filters(a)) }
}

// goList is the form of methods that list what filters let through.
func goList(method, kind string) goForm {
	return func(a *wanted, g *golang) { g.do("show", method, goOptions(kind, g.filterField(a))) }
}

func goPs(a *wanted, g *golang) {
	limit := a.param("limit")
	if limit == "-1" {
		limit = ""
	}
	a.spend("trunc_cmd")
	g.do("show", "ContainerList", goOptions("container.ListOptions",
		goFlag("Size", a.on("size")), goFlag("All", a.on("all")), g.field("Since", a.param("since")), g.field("Before", a.param("before")),
		digitsField("Limit", limit), g.filterField(a)))
}

func goCreate(a *wanted, g *golang) {
	host := goWord("nil")
	if h := a.body.get("HostConfig"); h != nil {
		host = g.pointerTo(h, "container.HostConfig")
	}
	networks := goWord("nil")
	if n := a.body.get("NetworkingConfig"); n != nil {
		ends := n.members("EndpointsConfig")
		if len(ends) == 1 && ends[0].name == "default" && ends[0].isEmpty() { // which the CLI sends of no network
			n.use()
		}
		networks = g.pointerTo(n, "network.NetworkingConfig")
		if n.used && len(ends) == 1 && ends[0].used && ends[0].isEmpty() {
			networks = goWord("nil")
		}
	}
	config := g.pointerTo(a.body, "container.Config")
	platform := goWord("nil")
	if p := a.param("platform"); p != "" {
		platform = g.platform(p)
		platform.word = "&" + platform.word
	}
	g.do("show", "ContainerCreate", config, host, networks, platform, g.str(a.param("name")))
}

// platform is "os/architecture/variant" as the client has it.
func (g *golang) platform(words string) goExpr {
	parts := strings.SplitN(words, "/", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return goOptions("ocispec.Platform", g.field("OS", parts[0]), g.field("Architecture", parts[1]), g.field("Variant", parts[2]))
}

func goInspect(a *wanted, g *golang) {
	if a.on("size") {
		g.do("showRaw", "ContainerInspectWithRaw", g.str(a.name), goWord("true"))
		return
	}
	g.do("show", "ContainerInspect", g.str(a.name))
}

func goTop(a *wanted, g *golang) {
	words := goWord("nil")
	if args := strings.Fields(a.param("ps_args")); len(args) > 0 {
		words = g.strings(args)
	}
	g.do("show", "ContainerTop", g.str(a.name), words)
}

// goLogs is the form of methods that read logs.
func goLogs(method string) goForm {
	return func(a *wanted, g *golang) {
		with := "frames"
		if b := a.x.ResponseBody; b != nil && b.Content != wire.KindMultiplexed && b.Content != wire.KindNone {
			with = "stream" // of a terminal
		}
		g.do(with, method, g.str(a.name), goOptions("container.LogsOptions",
			goFlag("ShowStdout", a.on("stdout")), goFlag("ShowStderr", a.on("stderr")),
			g.field("Since", a.param("since")), g.field("Until", a.param("until")), goFlag("Timestamps", a.on("timestamps")),
			goFlag("Follow", a.on("follow")), g.field("Tail", a.param("tail")), goFlag("Details", a.on("details"))))
	}
}

func goStats(a *wanted, g *golang) {
	if a.on("one-shot") {
		a.spend("stream")
		g.body("ContainerStatsOneShot", g.str(a.name))
		return
	}
	on := goWord("true")
	if a.query.Has("stream") && !a.on("stream") {
		on = goWord("false")
	}
	a.spend("stream")
	g.body("ContainerStats", g.str(a.name), on)
}

// body adds a call of a method that returns a struct with a Body.
func (g *golang) body(method string, args ...goExpr) {
	call := goCall("cli."+method, append([]goExpr{goWord("ctx")}, args...)...)
	g.text("{\n\tr, err := " + call.in(1, 15) + "\n\tstream(r.Body, err)\n}")
}

func goResize(method string) goForm {
	return func(a *wanted, g *golang) {
		g.do("check", method, g.str(a.name), goOptions("container.ResizeOptions", digitsField("Height", a.param("h")), digitsField("Width", a.param("w"))))
	}
}

func goStart(a *wanted, g *golang) {
	g.do("check", "ContainerStart", g.str(a.name), goOptions("container.StartOptions",
		g.field("CheckpointID", a.param("checkpoint")), g.field("CheckpointDir", a.param("checkpoint-dir"))))
}

// goStop is the form of methods that end a container's process.
func goStop(method string) goForm {
	return func(a *wanted, g *golang) {
		var timeout []goItem
		if v := parsedValue([]byte(a.param("t"))); v != nil {
			if n, is := goNumber(v, "int"); is {
				timeout = []goItem{{"Timeout:", goCall("ptr", goWord(n))}}
			}
		}
		g.do("check", method, g.str(a.name), goOptions("container.StopOptions", g.field("Signal", a.param("signal")), timeout))
	}
}

func goUpdate(a *wanted, g *golang) {
	g.do("show", "ContainerUpdate", g.str(a.name), g.doc(a.body, "container.UpdateConfig"))
}

func goAttach(a *wanted, g *golang) {
	g.do(attached(a.x), "ContainerAttach", g.str(a.name), goOptions("container.AttachOptions",
		goFlag("Stream", a.on("stream")), goFlag("Stdin", a.on("stdin")), goFlag("Stdout", a.on("stdout")), goFlag("Stderr", a.on("stderr")),
		g.field("DetachKeys", a.param("detachKeys")), goFlag("Logs", a.on("logs"))))
}

// attached is what reads the stream that x has become.
func attached(x *wire.Exchange) string {
	if x.Upgrade != nil && x.Upgrade.Content == wire.KindTerminal {
		return "terminal"
	}
	return "attached"
}

func goWait(a *wanted, g *golang) {
	g.do("waited", "ContainerWait", g.str(a.name), g.str(a.param("condition")))
}

func goRm(a *wanted, g *golang) {
	g.do("check", "ContainerRemove", g.str(a.name), goOptions("container.RemoveOptions",
		goFlag("RemoveVolumes", a.on("v")), goFlag("RemoveLinks", a.on("link")), goFlag("Force", a.on("force"))))
}

func goCpOut(a *wanted, g *golang) {
	g.text("{\n\tr, _, err := " + goCall("cli.CopyFromContainer", goWord("ctx"), g.str(a.name), g.str(a.param("path"))).in(1, 18) + "\n\tstream(r, err) // a tar archive\n}")
}

func goCpIn(a *wanted, g *golang) {
	g.do("check", "CopyToContainer", g.str(a.name), g.str(a.param("path")), goFile("archive.tar"), goOptions("container.CopyToContainerOptions",
		goFlag("AllowOverwriteDirWithFile", !a.on("noOverwriteDirNonDir")), goFlag("CopyUIDGID", a.on("copyUIDGID"))))
	g.note("Put into archive.tar a tar archive: " + bodyWords(a) + ".")
}

// goFile is a file that is read.
func goFile(name string) goExpr { return goWord(`open("` + name + `")`) }

func goExec(a *wanted, g *golang) {
	g.do("show", "ContainerExecCreate", g.str(a.name), g.doc(a.body, "container.ExecOptions"))
}

func goExecStart(a *wanted, g *golang) {
	with, method := attached(a.x), "ContainerExecAttach"
	if a.body.truth("Detach") {
		with, method = "check", "ContainerExecStart"
	}
	g.do(with, method, g.str(a.name), g.doc(a.body, "container.ExecStartOptions"))
}

func goCheckpoints(a *wanted, g *golang) {
	g.do("show", "CheckpointList", g.str(a.name), goOptions("checkpoint.ListOptions", g.field("CheckpointDir", a.param("dir"))))
}

func goCheckpoint(a *wanted, g *golang) {
	b := a.body
	g.do("check", "CheckpointCreate", g.str(a.name), goOptions("checkpoint.CreateOptions",
		g.field("CheckpointID", b.str("CheckpointID")), g.field("CheckpointDir", b.str("CheckpointDir")), goFlag("Exit", b.truth("Exit"))))
}
