package equivalent

import (
	"regexp"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// pySpecial are the operations whose calls need more than a table says.
var pySpecial = map[string]func(*pyWriter) Call{
	"ContainerCreate":          pyCreate,
	"ContainerLogs":            pyLogs,
	"ContainerStats":           pyStats,
	"ContainerAttach":          pyAttach,
	"ContainerAttachWebsocket": pyWebSocket,
	"PutContainerArchive":      pyPutArchive,
	"ImageCreate":              pyImageCreate,
	"ImageLoad":                pyLoad,
	"ImageBuild":               pyBuild,
	"ImageCommit":              pyCommit,
	"ExecStart":                pyExecStart,
	"SystemEvents":             pyEvents,
	"SystemVersion":            pyVersion,
	"NetworkConnect":           pyConnect,
}

// container is the container that the request is about.
func (w *pyWriter) container() string {
	return w.of("client.containers.get({})", w.x.Request.Call.Subject)
}

func pyVersion(w *pyWriter) Call {
	if w.x.Request.Call.Version == "" {
		w.named("api_version", "False")
	}
	return w.finish("client.version", shown)
}

func pyEvents(w *pyWriter) Call {
	w.parameters([]arg{{from: "since", to: "since", as: asNumber}, {from: "until", to: "until", as: asNumber}, filters})
	w.named("decode", "True")
	return w.finish("client.events", forEach)
}

func pyLogs(w *pyWriter) Call {
	format := rawText
	if v, _ := w.parameter("follow"); dockerapi.IsTrue(v) {
		w.named("stream", "True")
		w.named("follow", "True")
		format = forEach
	}
	w.parameters([]arg{{from: "stdout", to: "stdout", as: asBool, otherwise: "True"}, {from: "stderr", to: "stderr", as: asBool, otherwise: "True"},
		{from: "timestamps", to: "timestamps", as: asBool}, {from: "tail", to: "tail", as: asNumber, otherwise: "all"}})
	w.time("since")
	w.time("until")
	w.implied("since=0 until=0 details=0 details=")
	return w.finish(w.container()+".logs", format)
}

// decimals is a time in seconds, with what is between them.
var decimals = regexp.MustCompile(`^(0|[1-9]\d{0,17})\.\d{1,9}$`)

// time adds a parameter that is a time. docker-py takes numbers above 0 only: what is none
// is told.
func (w *pyWriter) time(name string) {
	for i := range w.query {
		m := &w.query[i]
		if m.name != name || m.used {
			continue
		}
		switch {
		case strings.Trim(m.text, "0.") == "":
			m.used = true
		case decimals.MatchString(m.text):
			w.call.note("docker-py 5 takes whole seconds only, as " + name + ".")
			fallthrough
		case isNumber(m.text) && m.text[0] != '-':
			m.used = true
			w.named(name, m.text)
		}
		return
	}
}

func pyStats(w *pyWriter) Call {
	format := shown
	if v, there := w.parameter("stream"); !there || dockerapi.IsTrue(v) {
		w.named("decode", "True")
		format = forEach
	} else {
		w.named("stream", "False")
	}
	return w.finish(w.container()+".stats", format)
}

func pyAttach(w *pyWriter) Call {
	v, _ := w.parameter("stdin")
	stdin := dockerapi.IsTrue(v)
	if stdin {
		return w.socket("")
	}
	w.parameters([]arg{{from: "stdout", to: "stdout", as: asBool, otherwise: "True"}, {from: "stderr", to: "stderr", as: asBool, otherwise: "True"},
		{from: "stream", to: "stream", as: asBool}, {from: "logs", to: "logs", as: asBool}})
	return w.finish(w.container()+".attach", forEach)
}

func pyWebSocket(w *pyWriter) Call { return w.socket("ws=True") }

// socket writes what gives the socket of an attached container: for input, too.
func (w *pyWriter) socket(more string) Call {
	pairs := []string{}
	for i := range w.query {
		m := &w.query[i]
		pairs = append(pairs, w.text(m.name, "name")+": "+w.text(m.text, m.name))
		m.used = true
	}
	w.named("params", "{"+strings.Join(pairs, ", ")+"}")
	if more != "" {
		w.args = append(w.args, more)
	}
	w.call.note("It returns the socket: what the client typed is to be sent there, and what comes to be read.")
	return w.finish(w.container()+".attach_socket", "%s")
}

func pyPutArchive(w *pyWriter) Call {
	w.parameters([]arg{{from: "path"}})
	w.file("")
	return w.finish(w.container()+".put_archive", shown)
}

func pyCommit(w *pyWriter) Call {
	container, _ := w.parameter("container")
	function := w.of("client.containers.get({}).commit", container)
	w.parameters([]arg{{from: "repo", to: "repository"}, {from: "tag", to: "tag"}, {from: "comment", to: "message"}, {from: "author", to: "author"}})
	w.several("changes", "changes")
	w.implied("pause=1 repo= tag= comment= author=")
	if w.isDoc && !isEmpty([]byte(w.sent.text), "") {
		w.named("conf", w.value([]byte(w.sent.text), "conf"))
	}
	w.fields = nil
	return w.finish(function, ofID)
}

func pyExecStart(w *pyWriter) Call {
	if !w.isRead() {
		return pyRaw(w, notRead)
	}
	w.positional(w.subject())
	detach := string(w.field("Detach")) == "true"
	if detach {
		w.named("detach", "True")
	}
	if string(w.field("Tty")) == "true" {
		w.named("tty", "True")
	}
	format := "%s"
	switch {
	case detach:
	case w.x.Streams[wire.KindStdin].Frames > 0:
		w.named("socket", "True")
		w.call.note("It returns the socket: what the client typed is to be sent there, and what comes to be read.")
	default:
		w.named("stream", "True")
		format = forEach
	}
	return w.finish("client.api.exec_start", format)
}

func pyConnect(w *pyWriter) Call {
	if !w.isRead() {
		return pyRaw(w, notRead)
	}
	w.bodyArguments([]arg{{from: "Container"}})
	for _, m := range w.fields {
		if strings.EqualFold(m.name, "EndpointConfig") && !m.used {
			w.field(m.name)
			w.endpoint(m.value)
		}
	}
	return w.finish(w.of("client.networks.get({}).connect", w.x.Request.Call.Subject), "%s")
}

// endpoint adds what is said of a container in a network.
func (w *pyWriter) endpoint(doc []byte) {
	inner := asked{isDoc: true}
	inner.add("", doc)
	outer := w.asked
	w.asked = inner
	w.bodyArguments([]arg{{from: "Aliases", to: "aliases"}, {from: "DriverOpts", to: "driver_opt"}})
	if v := w.field("Links"); !isEmpty(v, "Links") {
		w.named("links", w.pairs(v))
	}
	if ipam := w.field("IPAMConfig"); !isEmpty(ipam, "IPAMConfig") {
		addresses := asked{isDoc: true}
		addresses.add("", ipam)
		rest := w.asked
		w.asked = addresses
		w.bodyArguments([]arg{{from: "IPv4Address", to: "ipv4_address"}, {from: "IPv6Address", to: "ipv6_address"}, {from: "LinkLocalIPs", to: "link_local_ips"}})
		rest.fields = append(rest.fields, w.fields...)
		w.asked = rest
	}
	for _, m := range w.fields {
		m.name = "EndpointConfig." + m.name
		outer.fields = append(outer.fields, m)
	}
	w.asked = outer
}
