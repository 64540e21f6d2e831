import Testing

@testable import PlatformEngine

@Suite("What a dependency may be")
struct RequirementTests {
    @Test("a name, with extras, versions and a marker", arguments: [
        "numpy", "Zope.Interface", "a", "numpy==2.1", "numpy >= 1.20, < 2, != 1.21.*", "numpy~=1.0", "torch==2.1+cpu", "pkg===1!2.0", "uvicorn[standard]",
        "uvicorn[standard, other]>=0.1", "pkg (>=1.0)", " pkg ", "pkg; python_version < '3.9'", "pkg>=1; sys_platform == \"linux\" and (os_name != 'nt')",
        "pkg ; extra == 'x'",
    ])
    func taken(_ text: String) { #expect(Requirement.refusal(of: text) == nil) }

    @Test("nothing else", arguments: [
        "", " ", "-e .", "--pre", "-r x", ".", "../x", "/x", "x/y", "x @ https://host/x.whl", "git+https://host/x", "x --hash=sha256:0", "x\nz", "x y",
        "x>=1 --pre", "x[", "x[]]", "x()", "x (>=1", "x;", "x; import os", "x; os_name == '$(id)\\'", "é", "x>", ">=1", "x=1", "x,y",
    ])
    func refused(_ text: String) { #expect(Requirement.refusal(of: text)?.contains("is not a requirement") == true) }

    @Test("the same requirements in another order, or named twice, are the same set")
    func set() { #expect(Requirement.set(["b", " a", "b "]) == ["a", "b"]) }
}

@Suite("Why pip could not")
struct PipReasonTests {
    @Test("of a package that is not there, its two lines")
    func missing() {
        let output = """
            Looking in links: /wheels
            ERROR: Could not find a version that satisfies the requirement nope (from versions: none)
            ERROR: No matching distribution found for nope

            """
        #expect(
            PipReason.reason(in: output)
                == "Could not find a version that satisfies the requirement nope (from versions: none); No matching distribution found for nope")
    }

    @Test("of a conflict, who wants what")
    func conflict() {
        let output = """
            Processing /wheels/upper-1.0-py3-none-any.whl
            ERROR: Cannot install lower==2.0 and upper because these package versions have conflicting dependencies.

            The conflict is caused by:
                The user requested lower==2.0
                upper 1.0 depends on lower<2

            To fix this you could try to:
            1. loosen the range of package versions you've specified
            ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/
            """
        #expect(
            PipReason.reason(in: output)
                == "Cannot install lower==2.0 and upper because these package versions have conflicting dependencies; "
                + "The user requested lower==2.0, upper 1.0 depends on lower<2")
    }

    @Test("of anything else, the last it said")
    func other() {
        #expect(PipReason.reason(in: "Traceback:\n  OSError: no space\n") == "OSError: no space")
        #expect(PipReason.reason(in: "") == "pip ended without a word")
    }
}
