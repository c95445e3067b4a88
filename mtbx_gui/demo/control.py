"""The control endpoint both demo services share, for tests that watch a service in another process.

GET /demo/requests (captured requests), POST /demo/faults {"faults": [...]}, DELETE /demo/faults. It asks for
the service's own key, and is no part of either protocol.
"""

from mtbx_gui.demo.faults import FaultPlan, faults_from_json
from mtbx_gui.demo.loopback import DemoServiceError, LoopbackService, Reply, Request, json_reply

PREFIX = "/demo/"


def control(service: LoopbackService, plan: FaultPlan, request: Request) -> Reply | None:
    """The reply when the request is for the control endpoint, else None. The caller has checked the key."""
    if not request.path.startswith(PREFIX):
        return None
    match request.method, request.path.removeprefix(PREFIX):
        case "GET", "requests":
            seen = [
                {"method": each.method, "path": each.path, "body": each.body}
                for each in service.requests
                if not each.path.startswith(PREFIX)
            ]
            return json_reply(200, {"service": service.name, "requests": seen})
        case "POST", "faults":
            try:
                plan.add(faults_from_json((request.body or {}).get("faults")))
            except (DemoServiceError, AttributeError) as error:
                return json_reply(400, {"message": str(error)})
            return json_reply(200, {"left": plan.left})
        case "DELETE", "faults":
            plan.clear()
            return json_reply(200, {"left": 0})
        case _:
            return json_reply(404, {"message": f"No such control endpoint: {request.method} {request.path}"})
