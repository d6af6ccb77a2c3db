package explain

import (
	"strconv"

	"github.com/socktrace/socktrace/dockerapi"
)

// Entry is what there is to say of one operation. Nobody changes it.
type Entry struct {
	// Name is what traces call it: "ContainerList", or "Control/Solve" for a method.
	Name string `json:"name"`
	// Group is what it is listed with: "Container", or the full name of a service.
	Group string `json:"group"`
	// Requests are the methods and paths that ask for it, without a version.
	Requests []Request `json:"requests"`
	Short    string    `json:"short"`
	Long     string    `json:"long"`
	// Since, Until and Deprecated are versions of the API, such as "1.41"; empty if
	// they are not known, or there is none.
	Since      string `json:"since,omitempty"`
	Until      string `json:"until,omitempty"`
	Deprecated string `json:"deprecated,omitempty"`
	// Sends and Answers are what the bodies of the request and of a good answer
	// consist of, or the stream in their place, in words; empty if there is none.
	Sends   string `json:"sends,omitempty"`
	Answers string `json:"answers,omitempty"`
	// Lasts is how long it does, in words, if that is not the daemon's doing.
	Lasts string `json:"lasts,omitempty"`
	// Commands are those that ask for it, such as "docker ps".
	Commands []string `json:"commands,omitempty"`
	// Python is what asks for it in docker-py: "containers.list".
	Python []string `json:"docker_py,omitempty"`
	Errors []Error  `json:"errors,omitempty"` // by status
	// Parameters and Fields are what a request may have: in its query, and in its document.
	Parameters []*dockerapi.Argument `json:"parameters,omitempty"`
	Fields     []*dockerapi.Argument `json:"fields,omitempty"`
	// AnswerFields are those of the document that comes, in the newest version, each with what
	// it is in; Gone are those that were there.
	AnswerFields []string         `json:"answer_fields,omitempty"`
	Gone         []dockerapi.Gone `json:"gone,omitempty"`
}

// Request is how an operation is asked for.
type Request struct {
	Method string `json:"method"`
	Path   string `json:"path"` // with parameters in braces
}

// Error is what a status means. Not all of them are failures: 304 is none, and 200 may
// be one.
type Error struct {
	Status string `json:"status"`           // "404", or "NotFound" of gRPC
	Means  string `json:"means"`            // sentences
	Raises string `json:"raises,omitempty"` // by docker-py: "docker.errors.NotFound"; empty if it has no such call
	Try    string `json:"try,omitempty"`
}

// What docker-py raises, but for what the texts say.
const (
	notFound      = "docker.errors.NotFound"
	imageNotFound = "docker.errors.ImageNotFound"
	apiError      = "docker.errors.APIError"
)

// raised returns what docker-py raises for a status: it makes an error of those from
// 400 on, and tells 404 apart.
func raised(status string) string {
	switch n, _ := strconv.Atoi(status); {
	case n == 404:
		return notFound
	case n >= 400:
		return apiError
	}
	return ""
}

// IsGRPC reports whether it is a method of gRPC.
func (e *Entry) IsGRPC() bool { return len(e.Requests) > 0 && e.Requests[0].Method == methodOfGRPC }

// methodOfGRPC stands for the method of a request that calls one of gRPC, which is
// always POST.
const methodOfGRPC = "gRPC"
