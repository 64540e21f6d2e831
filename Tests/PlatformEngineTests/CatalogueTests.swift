import PlatformEngine
import Testing

@Suite("The catalogue of instance types")
struct CatalogueTests {
    @Test("it has types of three clouds and the default, each once, with a price and its date")
    func types() {
        let all = InstanceCatalogue.standard.all
        #expect(all.count > 25)
        #expect(Set(all.map(\.name)).count == all.count)
        #expect(Set(all.map(\.provider)) == ["windtunnel", "aws", "gcp", "azure"])
        for type in all {
            #expect(type.hourlyCost > 0 && type.vcpus > 0 && type.memoryGB > 0, "\(type)")
            #expect((type.gpus > 0) == (type.gpuModel != nil), "\(type)")
            #expect(type.pricedOn.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil, "\(type)")
        }
        #expect(InstanceCatalogue.standard["standard"] != nil)
        #expect(InstanceCatalogue.standard["p3.2xlarge"]?.hourlyCost == 3.06)
    }
}
