package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// stream adds what an answer needs that is no document: to show it as it comes, or to
// put it into a file.
func (w *curlWriter) stream(x *wire.Exchange) {
	content, upgraded := wire.KindNone, x.Upgrade != nil
	if upgraded {
		content = x.Upgrade.Content
	} else if x.ResponseBody != nil {
		content = x.ResponseBody.Content
	}
	switch {
	case upgraded && strings.EqualFold(x.Upgrade.Protocol, "websocket"):
		w.add("--no-buffer --output -")
		w.call.note("The connection becomes a WebSocket, of which curl shows the frames as they are: websocat, for one, speaks it.")
	case content == wire.KindMultiplexed:
		w.add("--no-buffer --output -")
		w.call.note("The output comes in frames: a byte that is 1 for stdout and 2 for stderr, three zero bytes, the length in four bytes, then that much text.")
	case upgraded || content == wire.KindTerminal || content == wire.KindRaw:
		w.add("--no-buffer --output -")
	case content == wire.KindTar || content == wire.KindBinary:
		w.add("--output answer" + map[bool]string{true: ".tar"}[content == wire.KindTar])
	case x.Waits() || x.Messages[wire.ToClient] > 1:
		w.add("--no-buffer")
	}
	if upgraded && x.Streams[wire.KindStdin].Frames > 0 {
		w.call.note("The client has sent input too, which curl does not.")
	}
}
