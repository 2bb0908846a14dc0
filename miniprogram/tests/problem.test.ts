import { beforeAll, describe, expect, it } from "vitest";
import { fakeUni } from "./fakeUni";

beforeAll(() => void fakeUni());
const load = () => import("@/api/problem");

describe("a problem", () => {
  it("speaks the server's sentence and points at fields", async () => {
    const { problemOf } = await load();
    const problem = problemOf(422, {
      code: "validation_failed",
      title: "内容有误",
      detail: "有一项需要修改",
      request_id: "r-1",
      errors: [{ field: "/answers/lamp_no", code: "required", message: "请填写灯杆编号" }],
    });
    expect(problem).toMatchObject({ code: "validation_failed", sentence: "有一项需要修改", status: 422, requestId: "r-1", stale: false });
    expect(problem.about("/answers/lamp_no")).toBe("请填写灯杆编号");
    expect(problem.about("/description")).toBe("");
  });

  it("knows what was overtaken by someone else", async () => {
    const { problemOf } = await load();
    expect(problemOf(409, { code: "request_changed", detail: "有新的进展" }).stale).toBe(true);
  });

  it("keeps what a refusal tells besides", async () => {
    const { problemOf } = await load();
    const conflicts = [{ booking_id: "b1" }];
    expect(problemOf(409, { code: "plan_conflicts", detail: "有预约", conflicts }).extra.conflicts).toEqual(conflicts);
  });

  it("reads an upload's text answer too", async () => {
    const { problemOf } = await load();
    expect(problemOf(413, '{"code":"image_too_large","detail":"图片不能超过 10 MB"}').sentence).toBe("图片不能超过 10 MB");
  });

  it("has a sentence of its own for a proxy's error page, no network and a slow one", async () => {
    const { asProblem, problemOf, unanswered } = await load();
    expect(problemOf(502, "<html>Bad Gateway</html>").code).toBe("unavailable");
    expect(unanswered("request:fail timeout").code).toBe("timeout");
    expect(unanswered("request:fail").code).toBe("offline");
    expect(asProblem(new TypeError("x")).code).toBe("unexpected");
    for (const problem of [problemOf(502, ""), unanswered("x"), asProblem(null)])
      expect(problem.sentence).toMatch(/[一-鿿]/);
  });
});
