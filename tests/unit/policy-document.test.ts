import { describe, expect, test } from "vitest";
import { policyFault, samePolicy } from "../../providers/minio/policy-document";

const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const written = policy({
  Effect: "Allow",
  Action: ["s3:PutObject", "s3:GetObject"],
  Resource: "arn:aws:s3:::lake/*",
});

describe("two policies", () => {
  test("say the same whatever the order of their members, and for a lone value instead of a list of one", () => {
    const answered = policy({
      Resource: ["arn:aws:s3:::lake/*"],
      Action: ["s3:GetObject", "s3:PutObject"],
      Effect: "Allow",
      Sid: "",
    });
    expect(samePolicy(written, answered)).toBe(true);
  });

  test("differ when one allows more", () => {
    const wider = policy({ Effect: "Allow", Action: ["s3:*"], Resource: "arn:aws:s3:::lake/*" });
    expect(samePolicy(written, wider)).toBe(false);
    const elsewhere = policy({
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject"],
      Resource: "arn:aws:s3:::*",
    });
    expect(samePolicy(written, elsewhere)).toBe(false);
  });

  test("are refused when they are none", () => {
    expect(policyFault("not json")).toContain("is not JSON");
    expect(policyFault("{}")).toBe("has no Statement");
    expect(policyFault(written)).toBeUndefined();
  });
});
