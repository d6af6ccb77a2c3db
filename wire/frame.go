package wire

// FrameHeader is the size of the header that Docker puts before each piece of
// a container's output: the stream, three zero bytes, and the length as a
// big-endian number of 32 bits (Docker Engine API, ContainerAttach, "Stream
// format").
const FrameHeader = 8

// FrameKinds are the kinds of the streams, by their numbers.
var FrameKinds = [...]Kind{KindStdin, KindStdout, KindStderr, KindSystemErr}

// FrameKind returns what a frame's header says it is; false if it is none. b may
// be only the beginning of a header, but not empty.
func FrameKind(b []byte) (Kind, bool) {
	for i := 1; i < min(len(b), 4); i++ {
		if b[i] != 0 {
			return 0, false
		}
	}
	if int(b[0]) < len(FrameKinds) {
		return FrameKinds[b[0]], true
	}
	return 0, false
}
